import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { type LabelDesk, openLabelDesk } from '../../support/labels.ts';

type Kind = 'tags' | 'sources';
const kinds: Kind[] = ['tags', 'sources'];
const noun = (what: Kind) => (what === 'tags' ? 'tag' : 'source');

let desk: LabelDesk;
let admin: Person;
let count = 0;

beforeAll(async () => {
  desk = await openLabelDesk();
  admin = await desk.app.person('admin');
});
beforeEach(() => {
  count += 1;
});
afterAll(() => desk.close());

const label = (what: Kind, name: string) => desk.make(what, { name: `${name} ${what} ${count}` });
const asAdmin = (method: 'get' | 'post', path: string) => desk.app.request(method, path).set(...bearer(admin));
const keyFor = async (limits: object) => {
  const { body } = await asAdmin('post', '/v1/keys')
    .send({ name: 'কৃষির তার', role: 'editor', ...limits })
    .expect(201);
  return { id: String(body.id), token: String(body.token) };
};
const view = async (id: string) => (await asAdmin('get', `/v1/keys/${id}`).expect(200)).body;
const write = (token: string, body: object) =>
  desk.app
    .request('post', '/v1/articles')
    .set('Authorization', `Bearer ${token}`)
    .send({ title: `যন্ত্রের খবর ${count}`, ...body });
const carrying = (what: Kind, id: string) => (what === 'tags' ? { tags: [id] } : { source: id });
const removeInto = (what: Kind, from: { id: string }, into: { id: string }) =>
  desk.send('delete', `/v1/${what}/${from.id}?reassignTo=${into.id}`, undefined, '*').expect(204);

describe.each(kinds)('the limits of a key to %s', (what) => {
  it('go over with a merge or a removal that names an heir, once where the key has both, and the key is told so', async () => {
    const [first, second, third] = [await label(what, 'ক'), await label(what, 'খ'), await label(what, 'গ')];
    const [one, both] = [
      await keyFor({ [what]: [first.id] }),
      await keyFor({ [what]: [third.id, first.id, second.id] }),
    ];
    const { body: old } = await write(one.token, carrying(what, first.id)).expect(201);
    if (what === 'tags') await desk.send('post', `/v1/tags/${first.id}/merge`, { into: second.id }, '*').expect(200);
    else await removeInto(what, first, second);
    expect(await view(one.id)).toMatchObject({ [what]: [second.id], dead: false });
    expect((await view(both.id))[what]).toEqual([third.id, second.id]);
    for (const id of [first.id, second.id]) await write(one.token, carrying(what, id)).expect(201);
    await write(one.token, carrying(what, third.id)).expect(403);
    const patch = desk.app.request('patch', `/v1/articles/${old.id}`).set('If-Match', '*');
    await patch.set('Authorization', `Bearer ${one.token}`).send({ kicker: 'হাট' }).expect(200);
    const [, moved] = await desk.events(one.id);
    expect(moved).toMatchObject({
      type: 'key.limits-moved',
      version: 2,
      data: { [noun(what)]: first.id, into: second.id },
    });
    expect((await asAdmin('get', `/v1/keys/${one.id}`).expect(200)).headers.etag).toMatch(/^"2-/);
  });

  it('that are all gone make it dead: its view says so, and its writes are refused with the reason', async () => {
    const [first, second] = [await label(what, 'ঘ'), await label(what, 'ঙ')];
    const key = await keyFor({ [what]: [first.id, second.id] });
    await desk.send('delete', `/v1/${what}/${first.id}`, undefined, '*').expect(204);
    expect(await view(key.id)).toMatchObject({ dead: false });
    await write(key.token, carrying(what, second.id)).expect(201);
    await desk.app.sql('DELETE FROM article_tags');
    await desk.app.sql('UPDATE articles SET source_id = NULL');
    await desk.send('delete', `/v1/${what}/${second.id}`, undefined, '*').expect(204);
    expect(await view(key.id)).toMatchObject({ dead: true, revokedAt: null });
    for (const body of [{}, carrying(what, second.id)])
      expect((await write(key.token, body).expect(403)).body).toMatchObject({
        code: 'dead-key',
        detail: expect.stringContaining('gone'),
      });
    const me = await desk.app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${key.token}`).expect(200);
    expect(me.body.key).toMatchObject({ dead: true });
  });

  it('are not given by an empty list, which is no right and not every right', async () => {
    const { body } = await asAdmin('post', '/v1/keys')
      .send({ name: 'তার', role: 'editor', [what]: [] })
      .expect(400);
    expect(body.errors[0].pointer).toBe(`/${what}`);
    const free = await keyFor({});
    expect(await view(free.id)).toMatchObject({ tags: [], sources: [], dead: false });
    await write(free.token, {}).expect(201);
  });
});

describe('a key that is limited to sources and tags', () => {
  it('is dead once all of one of the two are gone', async () => {
    const [source, tag] = [await label('sources', 'চ'), await label('tags', 'ছ')];
    const key = await keyFor({ sources: [source.id], tags: [tag.id] });
    await desk.send('delete', `/v1/tags/${tag.id}`, undefined, '*').expect(204);
    expect(await view(key.id)).toMatchObject({ dead: true });
  });
});
