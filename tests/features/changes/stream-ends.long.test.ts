import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { closeReaders, lasts, listenTo, type Reader, withinMs } from '../../support/event-source.ts';
import { eventually } from '../../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { collectStatements } from '../../support/statement-count.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const listen = (as: Person): Promise<Reader> =>
  listenTo(room.app, '/v1/changes/stream?audience=staff&kind=article', { as });

const admin = (method: 'patch' | 'delete', path: string) =>
  room.app
    .request(method, path)
    .set(...bearer(room.people.admin))
    .set('If-Match', '*');

async function makeKey(maker: Person): Promise<{ id: string; as: Person }> {
  const { body } = await room.app
    .request('post', '/v1/keys')
    .set(...bearer(maker))
    .send({ name: 'দেয়ালের পর্দা', role: 'editor' })
    .expect(201);
  return { id: body.id, as: { ...maker, token: body.token } };
}

const looks = (texts: readonly string[]) => texts.filter((text) => text.includes('NULL AS key_role'));

describe('a stream of staff', () => {
  it('ends within a second of the end of its key', async () => {
    const key = await makeKey(room.people.admin);
    const reader = await listen(key.as);
    const end = async () => admin('delete', `/v1/keys/${key.id}`).expect(204);
    expect(await lasts(reader, end)).toBeLessThan(withinMs);
  });

  it('ends where the account revoked all tokens that were made before', async () => {
    const person = await room.app.person('editor');
    const reader = await listen(person);
    await room.app.sql('UPDATE users SET token_epoch = token_epoch + 1 WHERE id = $1', [person.id]);
    await reader.ended;
    expect((await listen(person)).status).toBe(401);
  });

  it.each([
    ['is disabled', (id: string) => admin('patch', `/v1/users/${id}`).send({ disabled: true })],
    ['is an author since', (id: string) => admin('patch', `/v1/users/${id}`).send({ role: 'author' })],
    ['is gone', (id: string) => admin('delete', `/v1/users/${id}`)],
  ])('ends within a second where its account %s, with a session and with a key', async (_, change) => {
    const person = await room.app.person('admin');
    const key = await makeKey(person);
    const readers = [await listen(person), await listen(key.as)];
    const { status } = await change(person.id);
    expect([200, 204]).toContain(status);
    const began = performance.now();
    await Promise.all(readers.map((reader) => reader.ended));
    expect(performance.now() - began).toBeLessThan(withinMs);
  });

  it('is asked about with all others in one statement a second, and no other, and none where none is open', async () => {
    const { pool } = room.app.deps.db;
    const take = collectStatements(pool);
    const began = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => listen(room.people.editor)));
    let asked = 0;
    await eventually(async () => {
      asked += looks(take()).length;
      expect(asked).toBeGreaterThanOrEqual(3);
    });
    expect(asked).toBeLessThanOrEqual(2 + (performance.now() - began) / 900);
    await closeReaders(room.app);
    take();
    const strangers = await listenTo(room.app, '/v1/changes/stream');
    const later = performance.now();
    await eventually(async () => expect(performance.now() - later).toBeGreaterThan(2_000));
    expect(looks(take())).toEqual([]);
    expect(strangers.status).toBe(200);
  });
});
