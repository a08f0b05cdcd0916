import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { newId } = outside;

let room: Newsroom;
let person: Person;
let live: Story;

const withToken = (token: string): [string, string] => ['Authorization', `Bearer ${token}`];
const revoke = (body: object, id = person.id) => room.as('admin', 'post', `/v1/users/${id}/revoke`).send(body);
const keyOf = async (of = person) => {
  const request = room.app.request('post', '/v1/keys').set(...bearer(of));
  const { body } = await request.send({ name: 'সংস্থার তার', role: 'editor' }).expect(201);
  return { id: String(body.id), token: String(body.token) };
};
const linkWith = async (token: string): Promise<string> => {
  const request = room.app.request('post', `/v1/articles/${live.id}/previews`).set(...withToken(token));
  return (await request.send({}).expect(201)).body.token;
};
const me = (token: string) => room.app.request('get', '/v1/auth/me').set(...withToken(token));
const open = (token: string) => room.as(null, 'get', `/v1/previews/${token}`);
const keyView = async (id: string) => (await room.as('admin', 'get', `/v1/keys/${id}`).expect(200)).body;

beforeAll(async () => {
  room = await openNewsroom();
  live = await room.story({ status: 'published' });
});
beforeEach(async () => {
  person = await room.app.person('admin', 'নাসরিন জাহান');
});
afterAll(() => room.close());

describe('POST /v1/users/{id}/revoke', () => {
  it('ends sessions alone, and the user may log in again', async () => {
    const key = await keyOf();
    const link = await linkWith(person.token);
    expect((await revoke({ sessions: true }).expect(200)).body).toEqual({ sessions: 1, keys: 0, previews: 0 });
    await me(person.token).expect(401);
    await me(key.token).expect(200);
    await open(link).expect(200);
  });

  it('ends keys with the links that they made, and no other', async () => {
    const [first, second, other] = [await keyOf(), await keyOf(), await keyOf(room.people.admin)];
    const [ofKey, ofPerson] = [await linkWith(first.token), await linkWith(person.token)];
    expect((await revoke({ keys: true, sessions: false }).expect(200)).body).toEqual({
      sessions: 0,
      keys: 2,
      previews: 1,
    });
    for (const { token } of [first, second]) await me(token).expect(401);
    await open(ofKey).expect(404);
    await open(ofPerson).expect(200);
    await me(other.token).expect(200);
    await me(person.token).expect(200);
    expect((await room.events(second.id)).at(-1)).toMatchObject({ type: 'key.revoked', version: 2 });
    expect((await keyView(first.id)).revokedAt).not.toBeNull();
  });

  it('ends the links that the person made, and not those of a key', async () => {
    const key = await keyOf();
    const [ofKey, ...ofPerson] = [
      await linkWith(key.token),
      await linkWith(person.token),
      await linkWith(person.token),
    ];
    expect((await revoke({ previews: true }).expect(200)).body).toEqual({ sessions: 0, keys: 0, previews: 2 });
    for (const link of ofPerson) await open(link).expect(404);
    await open(ofKey).expect(200);
    const { body } = await room.as('admin', 'get', `/v1/articles/${live.id}/previews`).expect(200);
    expect(body.data.slice(0, 2).every(({ revokedAt }: { revokedAt: unknown }) => revokedAt !== null)).toBe(true);
  });

  it('ends all three at once, says how many, records it once, and leaves the user as they are', async () => {
    await keyOf();
    await linkWith(person.token);
    const before = (await room.as('admin', 'get', `/v1/users/${person.id}`).expect(200)).headers.etag;
    const all = { sessions: true, keys: true, previews: true };
    expect((await revoke(all).expect(200)).body).toEqual({ sessions: 1, keys: 1, previews: 1 });
    expect((await room.events(person.id)).map(({ type, data, actor_id }) => [type, data, actor_id])).toEqual([
      ['user.revoked', { sessions: 1, keys: 1, previews: 1 }, room.people.admin.id],
    ]);
    expect((await room.as('admin', 'get', `/v1/users/${person.id}`).expect(200)).headers.etag).toBe(before);
    expect((await changesNothing(room, () => revoke(all).expect(200))).body).toEqual({
      sessions: 0,
      keys: 0,
      previews: 0,
    });
  });

  it('names at least one, as true or false', async () => {
    for (const body of [{}, { sessions: false }, { keys: false, previews: false }, { sessions: 1 }, { all: true }])
      await revoke(body).expect(400);
    await me(person.token).expect(200);
  });

  it('needs no If-Match, and keeps to one that is sent', async () => {
    const answer = await revoke({ sessions: true }).set('If-Match', '"7"').expect(412);
    expect(answer.body.currentVersion).toBe(1);
    await me(person.token).expect(200);
    await revoke({ sessions: true }).set('If-Match', '"1"').expect(200);
  });

  it('is for admins who logged in, and 404 for nobody', async () => {
    const key = await keyOf(room.people.admin);
    const path = `/v1/users/${person.id}/revoke`;
    await room.as('editor', 'post', path).send({ keys: true }).expect(403);
    const byKey = room.app.request('post', path).set(...withToken(key.token));
    await byKey.send({ keys: true }).expect(403);
    await room.as(null, 'post', path).send({ keys: true }).expect(401);
    for (const id of [newId(), 'কেউ']) await revoke({ keys: true }, encodeURIComponent(id)).expect(404);
  });
});

describe('GET /v1/users/{id}/previews', () => {
  it('lists the links that a user made in every article, by which key, newest first, and never a token', async () => {
    const key = await keyOf();
    const other = await room.story();
    await linkWith(person.token);
    await linkWith(key.token);
    const request = room.app.request('post', `/v1/articles/${other.id}/previews`).set(...withToken(person.token));
    const { body: newest } = await request.send({}).expect(201);
    await room.as('admin', 'post', `/v1/articles/${other.id}/previews`).send({}).expect(201);
    const path = `/v1/users/${person.id}/previews`;
    const { body, text } = await room.as('admin', 'get', path).expect(200);
    expect(body.data.map((link: { article: string; key: string | null }) => [link.article, link.key])).toEqual([
      [other.id, null],
      [live.id, key.id],
      [live.id, null],
    ]);
    expect(text).not.toContain(newest.token.split('.')[1]);
    const page = await room.as('admin', 'get', `${path}?limit=1`).expect(200);
    const after = encodeURIComponent(page.body.page.nextCursor);
    expect((await room.as('admin', 'get', `${path}?limit=1&after=${after}`).expect(200)).body.data).toHaveLength(1);
    await revoke({ previews: true }).expect(200);
    const ended = await room.as('admin', 'get', path).expect(200);
    expect(ended.body.data.map(({ revokedAt }: { revokedAt: unknown }) => revokedAt !== null)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is for admins who logged in, and 404 for nobody', async () => {
    await room.as('editor', 'get', `/v1/users/${person.id}/previews`).expect(403);
    for (const id of [newId(), 'কেউ'])
      await room.as('admin', 'get', `/v1/users/${encodeURIComponent(id)}/previews`).expect(404);
  });
});

describe('access keys', () => {
  it('outlive a new password and being disabled, which suspends them and says so', async () => {
    const key = await keyOf();
    const change = (body: object) =>
      room.as('admin', 'patch', `/v1/users/${person.id}`).set('If-Match', '*').send(body).expect(200);
    await change({ password: 'পুকুরঘাটে বিকেলের আলো' });
    await me(key.token).expect(200);
    expect(await keyView(key.id)).toMatchObject({ suspended: false, revokedAt: null });
    await change({ disabled: true });
    await me(key.token).expect(401);
    expect(await keyView(key.id)).toMatchObject({ suspended: true, revokedAt: null });
    const { body } = await room.as('admin', 'get', '/v1/keys?limit=1').expect(200);
    expect(body.data[0]).toMatchObject({ id: key.id, suspended: true });
    await change({ disabled: false });
    await me(key.token).expect(200);
    expect(await keyView(key.id)).toMatchObject({ suspended: false });
  });
});
