import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;
let maker: Person;
let live: Story;

const canary = 'পরে লেখা শিরোনাম';
const previews = (id: string) => `/v1/articles/${id}/previews`;
const open = (token: string) => room.as(null, 'get', `/v1/previews/${token}`);
const makeWith = async (token: string, id = live.id): Promise<string> => {
  const request = room.app.request('post', previews(id)).set('Authorization', `Bearer ${token}`);
  return (await request.send({}).expect(201)).body.token;
};
const listed = async (id = live.id) => (await room.as('admin', 'get', previews(id)).expect(200)).body.data;
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
  const answer = await open(token).expect(404);
  expect(problem(answer)).toEqual(problem(await open('কখনও-ছিল-না').expect(404)));
  expect(answer.text).not.toContain(canary);
};

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
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
    expect((await open(token).expect(200)).body.title).toBe(canary);
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
    await open(token).expect(200);
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
    expect((await open(token).expect(200)).body.title).toBe('যন্ত্রের লেখা');
  });
});

describe('a link that a person made', () => {
  it('is suspended while its maker is disabled, and good again after that', async () => {
    const token = await makeWith(maker.token);
    await change(maker, { disabled: true });
    await closed(token);
    expect((await listed())[0]).toMatchObject({ suspended: true, revokedAt: null, key: null });
    await change(maker, { disabled: false });
    expect((await open(token).expect(200)).body.title).toBe(canary);
    expect((await listed())[0].suspended).toBe(false);
  });

  it('of an editor who is an author now shows what an author’s link shows: own articles, as they are', async () => {
    const editor = await room.app.person('editor', 'শফিক আহমেদ');
    const create = room.app.request('post', '/v1/articles').set(...bearer(editor));
    const { body: own } = await create.send({ title: 'নিজের লেখা' }).expect(201);
    await desk.draft(own.id, { title: canary });
    const [ofOwn, ofOther] = [await makeWith(editor.token, own.id), await makeWith(editor.token)];
    expect((await open(ofOwn).expect(200)).body.title).toBe(canary);
    await change(editor, { role: 'author' });
    expect((await open(ofOwn).expect(200)).body).toMatchObject({ title: 'নিজের লেখা', preview: { isDraft: false } });
    expect((await listed(own.id))[0]).toMatchObject({ showsDraft: false, suspended: false });
    await closed(ofOther);
    await change(editor, { role: 'viewer' });
    await closed(ofOwn);
    await change(editor, { role: 'editor' });
    expect((await open(ofOwn).expect(200)).body.title).toBe(canary);
    expect((await open(ofOther).expect(200)).body.title).toBe(canary);
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
    await open(token).expect(200);
    await change(maker, { role: 'viewer' });
    await closed(token);
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
    expect((await room.as('editor', 'post', previews(item.id)).send({}).expect(409)).body.code).toBe('killed');
    await put(3, { title: 'তারের নতুন কথা' }).expect(200);
    expect((await open(token).expect(200)).body.title).toBe('তারের নতুন কথা');
    await put(4, { kill: { reason: 'আবার ভুল' } }).expect(200);
    await closed(token);
    await room.step('publish', item.id).expect(200);
    await open(token).expect(200);
  });
});
