import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp } from '../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Who } from '../support/newsroom.ts';

let room: Newsroom;

const create = (key: string, title: string, who: Who = 'editor') =>
  room.as(who, 'post', '/v1/articles').set('Idempotency-Key', key).send({ title });
const countOf = async (title: string) =>
  (await room.app.sql('SELECT count(*)::int AS n FROM articles WHERE title = $1', [title]))[0];

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('Idempotency-Key', () => {
  it('gives a repeat the first answer whole, and says that it is one', async () => {
    const first = await create('k-1', 'একবার লেখা').expect(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const second = await changesNothing(room, () => create('k-1', 'একবার লেখা').expect(201));
    expect(second.text).toBe(first.text);
    for (const name of ['location', 'etag', 'cache-control', 'content-type'])
      expect(second.headers[name]).toBe(first.headers[name]);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('replays an ETag that is then stale, when the thing has changed meanwhile', async () => {
    const { body } = await create('k-2', 'বদলানো খবর').expect(201);
    await room.patch(body.id, { kicker: 'নতুন' }).expect(200);
    const replay = await create('k-2', 'বদলানো খবর').expect(201);
    await room.patch(body.id, { kicker: 'আবার' }, { match: String(replay.headers.etag) }).expect(412);
  });

  it('refuses another body, another address and another method of thought under the same key', async () => {
    const { body } = await create('k-3', 'প্রথম').expect(201);
    const other = await changesNothing(room, () => create('k-3', 'দ্বিতীয়').expect(422));
    expect(other.body.code).toBe('idempotency-key-reused');
    await changesNothing(room, () =>
      room
        .as('editor', 'post', `${pathOf(body.id)}/publish`)
        .set('If-Match', '*')
        .set('Idempotency-Key', 'k-3')
        .expect(422),
    );
  });

  it('is kept for each caller', async () => {
    await create('k-4', 'আমার', 'editor').expect(201);
    const { headers } = await create('k-4', 'আমার', 'admin').expect(201);
    expect(headers['idempotency-replayed']).toBeUndefined();
    expect(await countOf('আমার')).toEqual({ n: 2 });
  });

  it('used twenty times at once makes one thing; who comes too early is told so or gets the answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('k-5', 'ভিড়ের খবর')));
    expect(await countOf('ভিড়ের খবর')).toEqual({ n: 1 });
    for (const { status, body } of answers) {
      expect([201, 409]).toContain(status);
      if (status === 409) expect(body.code).toBe('still-running');
    }
    expect(answers.filter(({ status, headers }) => status === 201 && !headers['idempotency-replayed'])).toHaveLength(1);
  });

  it('tells who comes while the first is under way when to come again', async () => {
    const other = await room.app.deps.db.pool.connect();
    const lock = `hashtextextended('idempotency user:${room.people.editor.id} k-11', 0)`;
    try {
      await other.query(`SELECT pg_advisory_lock(${lock})`);
      const { body, headers } = await changesNothing(room, () => create('k-11', 'এখনো চলছে').expect(409));
      expect([body.code, headers['retry-after']]).toEqual(['still-running', '1']);
      await other.query(`SELECT pg_advisory_unlock(${lock})`);
    } finally {
      other.release();
    }
    await create('k-11', 'এখনো চলছে').expect(201);
  });

  it('keeps no failure, so that the call can be put right and repeated', async () => {
    await create('k-6', '').expect(400);
    await room.create({ title: 'নেওয়া', slug: 'neowa' }).expect(201);
    const taken = () =>
      room.as('editor', 'post', '/v1/articles').set('Idempotency-Key', 'k-6').send({ title: 'ক', slug: 'neowa' });
    await taken().expect(409);
    await room.app.sql(`UPDATE articles SET slug = 'freed' WHERE slug = 'neowa'`);
    expect((await taken().expect(201)).headers['idempotency-replayed']).toBeUndefined();
  });

  it('replays nothing to who has lost the right to the call', async () => {
    const person: Person = await room.app.person('editor');
    const call = () =>
      room.app
        .request('post', '/v1/articles')
        .set(...bearer(person))
        .set('Idempotency-Key', 'k-7')
        .send({ title: 'অধিকার' });
    await call().expect(201);
    await room.app.sql(`UPDATE users SET role = 'viewer' WHERE id = $1`, [person.id]);
    await call().expect(403);
    await room.app.sql('UPDATE users SET disabled_at = now() WHERE id = $1', [person.id]);
    await call().expect(401);
  });

  it('replays to who may do less by now nothing that was done with the greater role', async () => {
    const person: Person = await room.app.person('editor');
    const { id } = await room.story({}, 'author');
    const calls = (
      [
        ['/v1/articles', { title: 'আগের অধিকার', status: 'published' }],
        [`${pathOf(id)}/archive`, {}],
        [`${pathOf(id)}/previews`, {}],
        ['/v1/articles/bulk', { operations: [{ op: 'update', id, ifMatch: '*', body: { kicker: 'নদী' } }] }],
      ] as const
    ).map(([path, body], index) => () => {
      const request = room.app.request('post', path).set(...bearer(person));
      if (path.includes(id)) request.set('If-Match', '*');
      return request.set('Idempotency-Key', `k-12-${index}`).send(body);
    });
    const first: string[] = [];
    for (const call of calls) first.push((await call()).text);
    const become = (role: string) => room.app.sql('UPDATE users SET role = $2 WHERE id = $1', [person.id, role]);
    await become('author');
    for (const call of calls) {
      const { body } = await changesNothing(room, () => call().expect(403));
      expect(body.code).toBe('forbidden');
    }
    await become('admin');
    for (const [index, call] of calls.entries()) expect((await call()).text).toBe(first[index]);
  });

  it('is forgotten after 24 hours', async () => {
    await create('k-8', 'গতকালের').expect(201);
    await room.app.sql(`UPDATE idempotency_keys SET at = now() - interval '25 hours' WHERE key = 'k-8'`);
    expect((await create('k-8', 'গতকালের').expect(201)).headers['idempotency-replayed']).toBeUndefined();
    expect(await countOf('গতকালের')).toEqual({ n: 2 });
  });

  it('survives the end of the process between commit and answer: another one gives the answer', async () => {
    const first = await create('k-9', 'টিকে থাকা').expect(201);
    const other = await startApp({}, { databaseUrl: room.app.databaseUrl });
    try {
      const again = await other
        .request('post', '/v1/articles')
        .set(...bearer(room.people.editor))
        .set('Idempotency-Key', 'k-9')
        .send({ title: 'টিকে থাকা' })
        .expect(201);
      expect(again.text).toBe(first.text);
    } finally {
      await other.close();
    }
  });

  it('serves every step of an article, and is looked at before If-Match', async () => {
    const { id } = await room.story({});
    const publish = () =>
      room
        .as('editor', 'post', `${pathOf(id)}/publish`)
        .set('If-Match', '"1"')
        .set('Idempotency-Key', 'k-10');
    const first = await publish().expect(200);
    const second = await changesNothing(room, () => publish().expect(200));
    expect(second.text).toBe(first.text);
    expect((await room.events(id)).map(({ type }) => type)).toEqual(['article.created', 'article.published']);
  });

  it('must be 1 to 255 visible ASCII characters', async () => {
    for (const key of ['a b', 'x'.repeat(256)]) {
      const { body } = await changesNothing(room, () => create(key, 'ক').expect(400));
      expect(body.errors[0]).toMatchObject({ in: 'header', pointer: '/idempotency-key' });
    }
  });
});
