import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.ts';
import { caughtUp, keepAnswers } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

let room: Newsroom;
let stop: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ SHARED_MAX_AGE_S: '3600' });
  stop = await keepAnswers(room.app);
});
afterAll(async () => {
  await stop();
  await room.close();
});

const get = (path: string) => room.app.request('get', path).set('Accept-Encoding', 'identity');
const published = (body: object = {}) => room.story({ status: 'published', ...body });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const shared = 'max-age=3600, stale-while-revalidate=60';

describe('SHARED_MAX_AGE_S', () => {
  it('tells a CDN how long it may keep pages, lists and redirects, and everybody else what he was told before', async () => {
    const { id, slug } = await published({ title: 'ঘাটের খবর' });
    await room.patch(id, { slug: 'ঘাটের-নতুন-খবর' }).expect(200);
    await caughtUp(room.app);
    const expected = [
      [pathOf(id), 200, 'public, max-age=10'],
      [pathOf(slug), 308, 'public, max-age=10'],
      ['/v1/latest', 200, 'public, max-age=5'],
      ['/v1/tags', 200, 'public, max-age=10'],
    ] as const;
    for (const [path, status, caching] of expected)
      for (const _ of ['read', 'kept']) {
        const { headers } = await get(path).expect(status);
        expect([path, headers['cdn-cache-control']]).toEqual([path, shared]);
        expect(headers['cache-control']).toMatch(path === '/v1/tags' ? /^public, max-age=\d+$/ : caching);
        expect(headers['surrogate-key']).toMatch(/^all /);
      }
  });

  it('is said by a 304 and by HEAD too', async () => {
    const { id } = await published();
    const { headers } = await get(pathOf(id)).expect(200);
    for (const condition of [String(headers.etag), `"other", W/${headers.etag}`]) {
      const same = await get(pathOf(id)).set('If-None-Match', condition).expect(304);
      expect(same.headers['cdn-cache-control']).toBe(shared);
    }
    expect((await room.app.request('head', pathOf(id)).expect(200)).headers['cdn-cache-control']).toBe(shared);
  });

  it.each([
    ['an answer to a token', (id: string) => room.read(id, 'viewer').expect(200)],
    ['a refusal of a token', (id: string) => get(pathOf(id)).set('Authorization', 'Bearer nonsense').expect(401)],
    ['what is not there', () => get('/v1/articles/not-there').expect(404)],
    ['a list of a tag that is not there', () => get('/v1/latest?tag=not-there').expect(200)],
    ['a list of a range of dates', () => get('/v1/articles?publishedFrom=2026-01-01').expect(200)],
    ['a search', () => get('/v1/search?q=%E0%A6%98%E0%A6%BE%E0%A6%9F').expect(200)],
    ['the document', () => get('/openapi.json').expect(200)],
  ] as const)('is not said of %s, whose keys would not tell when to drop it', async (_, ask) => {
    const { id } = await published();
    for (const _ of [1, 2]) expect((await ask(id)).headers).not.toHaveProperty('cdn-cache-control');
  });

  it('is not said of what is gone', async () => {
    const { id } = await published();
    await room.trash(id).expect(204);
    for (const _ of [1, 2]) expect((await get(pathOf(id)).expect(410)).headers).not.toHaveProperty('cdn-cache-control');
  });

  it('does not tell what is scheduled or when an article ends, but is not said just before that', async () => {
    const later = await published({ expiresAt: inSeconds(1_200) });
    await published({ publishedAt: inSeconds(600) });
    // What is read while a change is still being heard of is not said to be sure.
    await caughtUp(room.app);
    for (const path of [pathOf(later.id), '/v1/latest'])
      expect((await get(path).expect(200)).headers['cdn-cache-control']).toBe(shared);
    const soon = await published({ expiresAt: inSeconds(4) });
    for (const path of [pathOf(soon.id), '/v1/latest'])
      for (const _ of ['read', 'kept']) {
        const { headers } = await get(path).expect(200);
        expect(headers).not.toHaveProperty('cdn-cache-control');
        expect(headers['cache-control']).toMatch(/^public, max-age=[0-3]$/);
      }
    await room.trash(soon.id).expect(204);
    await caughtUp(room.app);
    expect((await get('/v1/latest').expect(200)).headers['cdn-cache-control']).toBe(shared);
  });

  it('is not said of what was changed while it was read: it would come after the purge', async () => {
    const { id } = await published();
    await caughtUp(room.app);
    const client = await room.app.deps.db.pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
      const answer = get(pathOf(id)).then((res) => res);
      await eventually(async () => expect(room.app.deps.cache?.state().making).toBe(1));
      room.app.deps.cache?.forget(['all']);
      await client.query('COMMIT');
      expect((await answer).status).toBe(200);
      expect((await answer).headers).not.toHaveProperty('cdn-cache-control');
    } finally {
      client.release();
    }
    expect((await get(pathOf(id)).expect(200)).headers['cdn-cache-control']).toBe(shared);
  });

  it('is not said unless it is set', async () => {
    const plain = await startApp({}, { databaseUrl: room.app.databaseUrl });
    const end = await keepAnswers(plain);
    for (const _ of ['read', 'kept'])
      expect((await plain.request('get', '/v1/latest').expect(200)).headers).not.toHaveProperty('cdn-cache-control');
    await end();
    await plain.close();
  });
});
