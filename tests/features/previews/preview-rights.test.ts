import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { type Caller, changesNothing, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';
import { openPreviewDesk, type PreviewDesk, previewsPath } from '../../support/previews.ts';

let room: Newsroom;
let desk: DraftDesk;
let links: PreviewDesk;
let maker: Person;
let live: Story;

const canary = 'পরে লেখা শিরোনাম';
const makeWith = async (token: string, id = live.id): Promise<string> => {
  const request = room.app.request('post', previewsPath(id)).set('Authorization', `Bearer ${token}`);
  return (await request.send({}).expect(201)).body.token;
};
const listed = async (id = live.id) => (await links.list(id, 'admin').expect(200)).body.data;
const change = (person: Person, body: object) =>
  room.as('admin', 'patch', `/v1/users/${person.id}`).set('If-Match', '*').send(body).expect(200);
const keyOf = async (body: object = {}, of: Person = maker) => {
  const request = room.app.request('post', '/v1/keys').set(...bearer(of));
  const { body: key, headers } = await request.send({ name: 'তারের যন্ত্র', role: 'editor', ...body }).expect(201);
  return { id: String(key.id), token: String(key.token), etag: String(headers.etag) };
};
/** Nothing tells a link that may not be opened any more from one that never was. */
const closed = async (token: string): Promise<void> => {
  const problem = (answer: { body: Record<string, unknown>; headers: Record<string, unknown> }) => {
    const { requestId: _, ...body } = answer.body;
    return [body, answer.headers['cache-control'], answer.headers['content-type']];
  };
  const answer = await links.open(token).expect(404);
  expect(problem(answer)).toEqual(problem(await links.open('কখনও-ছিল-না').expect(404)));
  expect(answer.text).not.toContain(canary);
};

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
  links = openPreviewDesk(room);
});
beforeEach(async () => {
  maker = await room.app.person('admin', 'জাহানারা বেগম');
  live = await room.story({ status: 'published' });
  await desk.draft(live.id, { title: canary });
});
afterAll(() => room.close());

describe('a link that an access key made', () => {
  it('ends with the key, and remembers it', async () => {
    const key = await keyOf();
    const token = await makeWith(key.token);
    expect((await links.shown(token)).title).toBe(canary);
    expect((await listed())[0]).toMatchObject({ key: key.id, createdBy: { id: maker.id }, suspended: false });
    const revoke = room.as('admin', 'delete', `/v1/keys/${key.id}`).set('If-Match', key.etag);
    await revoke.expect(204);
    await closed(token);
    expect((await listed())[0]).toMatchObject({ revokedAt: expect.any(String), suspended: false });
    expect((await room.events(key.id)).at(-1)).toMatchObject({ type: 'key.revoked', data: { previews: 1 } });
  });

  it.each([
    ['has expired', `UPDATE access_keys SET expires_at = now() WHERE id = $1`],
    ['was revoked past us', `UPDATE access_keys SET revoked_at = now() WHERE id = $1`],
    ['is a viewer’s now', `UPDATE access_keys SET role = 'viewer' WHERE id = $1`],
    ['reaches other sources alone', `UPDATE access_keys SET source_ids = ARRAY[gen_random_uuid()] WHERE id = $1`],
    ['reaches other tags alone', `UPDATE access_keys SET tag_ids = ARRAY[gen_random_uuid()] WHERE id = $1`],
  ])('shows nothing once the key %s', async (_, sql) => {
    const key = await keyOf();
    const token = await makeWith(key.token);
    await links.open(token).expect(200);
    await room.app.sql(sql, [key.id]);
    await closed(token);
    expect((await listed())[0].suspended).toBe(true);
  });

  it('shows no working draft where either role is an author’s', async () => {
    const key = await keyOf({ role: 'author' });
    const request = room.app.request('post', '/v1/articles').set('Authorization', `Bearer ${key.token}`);
    const { body: own } = await request.send({ title: 'যন্ত্রের লেখা' }).expect(201);
    await desk.draft(own.id, { title: canary });
    const token = await makeWith(key.token, own.id);
    expect((await links.shown(token)).title).toBe('যন্ত্রের লেখা');
  });
});

describe('a link that a person made', () => {
  it('is suspended while its maker is disabled, and good again after that', async () => {
    const token = await makeWith(maker.token);
    await change(maker, { disabled: true });
    await closed(token);
    expect((await listed())[0]).toMatchObject({ suspended: true, revokedAt: null, key: null });
    await change(maker, { disabled: false });
    expect((await links.shown(token)).title).toBe(canary);
    expect((await listed())[0].suspended).toBe(false);
  });

  it('of an editor who is an author now shows what an author’s link shows: own articles, as they are', async () => {
    const editor = await room.app.person('editor', 'শফিক আহমেদ');
    const create = room.app.request('post', '/v1/articles').set(...bearer(editor));
    const { body: own } = await create.send({ title: 'নিজের লেখা' }).expect(201);
    await desk.draft(own.id, { title: canary });
    const [ofOwn, ofOther] = [await makeWith(editor.token, own.id), await makeWith(editor.token)];
    expect((await links.shown(ofOwn)).title).toBe(canary);
    await change(editor, { role: 'author' });
    expect(await links.shown(ofOwn)).toMatchObject({ title: 'নিজের লেখা', preview: { isDraft: false } });
    expect((await listed(own.id))[0]).toMatchObject({ showsDraft: false, suspended: false });
    await closed(ofOther);
    await change(editor, { role: 'viewer' });
    await closed(ofOwn);
    await change(editor, { role: 'editor' });
    expect((await links.shown(ofOwn)).title).toBe(canary);
    expect((await links.shown(ofOther)).title).toBe(canary);
  });

  it('shows nothing once its maker is gone', async () => {
    const token = await makeWith(maker.token);
    await room.as('admin', 'delete', `/v1/users/${maker.id}`).set('If-Match', '*').expect(204);
    await closed(token);
    expect((await listed())[0]).toMatchObject({ createdBy: null, suspended: true });
  });

  it('from before links knew their key goes by its maker alone', async () => {
    const token = await makeWith((await keyOf()).token);
    await room.app.sql('UPDATE previews SET key_id = NULL WHERE article_id = $1', [live.id]);
    await links.open(token).expect(200);
    await change(maker, { role: 'viewer' });
    await closed(token);
  });
});

describe('a link of an article', () => {
  it('is for editors and for authors of what is theirs; an author’s link shows no working draft', async () => {
    const story = await room.story({ title: 'লেখকের লেখা' }, 'author');
    await desk.draft(story.id, { title: 'সম্পাদকের খসড়া' });
    const own = await links.made(story.id, 'author');
    expect(own.showsDraft).toBe(false);
    expect(await links.shown(own.token)).toMatchObject({ title: 'লেখকের লেখা', preview: { isDraft: false } });
    const strangers: [Caller, number][] = [
      [null, 401],
      ['viewer', 403],
      ['other', 404],
    ];
    for (const [who, status] of strangers) {
      await changesNothing(room, () => links.make(story.id, {}, who).expect(status));
      await links.list(story.id, who).expect(status);
      await links.revoke(story.id, own.id, who).expect(status);
    }
    await room.moveTo('published', story.id);
    await links.make(story.id, {}, 'other').expect(403);
    await links.list(story.id, 'other').expect(403);
    await links.revoke(story.id, own.id, 'other').expect(403);
    await links.open(own.token).expect(200);
    await links.revoke(story.id, own.id, 'author').expect(204);
  });
});

describe('an article that its source has killed', () => {
  const put = (itemVersion: number, body: object) =>
    room.as('editor', 'put', '/v1/sources/padma-wire/items/p-1').send({ itemVersion, ...body });

  it('is shown by no link and gets none, until a newer version comes or the desk publishes it', async () => {
    await room.label('sources', { name: 'পদ্মা তার', slug: 'padma-wire' });
    const { body: item } = await put(1, { title: 'তারের প্রথম কথা' }).expect(201);
    const token = await makeWith(maker.token, item.id);
    await put(2, { kill: { reason: 'ভুল তথ্য' } }).expect(200);
    await closed(token);
    expect((await listed(item.id))[0].suspended).toBe(true);
    expect((await links.make(item.id).expect(409)).body.code).toBe('killed');
    await put(3, { title: 'তারের নতুন কথা' }).expect(200);
    expect((await links.shown(token)).title).toBe('তারের নতুন কথা');
    await put(4, { kill: { reason: 'আবার ভুল' } }).expect(200);
    await closed(token);
    await room.step('publish', item.id).expect(200);
    await links.open(token).expect(200);
  });
});
