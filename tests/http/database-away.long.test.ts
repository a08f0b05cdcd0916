import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { caughtUp, keepAnswers } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { type NetworkProxy, openProxy } from '../support/proxy.ts';

/** An editor's instance that reaches the database, and a reader's that may not. */
let room: Newsroom;
let reader: TestApp;
let proxy: NetworkProxy;
let stop: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  proxy = await openProxy(room.app.databaseUrl);
  const url = new URL(proxy.url);
  url.searchParams.set('query_timeout', '1000');
  reader = await startApp({ STALE_IF_ERROR_S: '6', SHARED_MAX_AGE_S: '60' }, { databaseUrl: url.href });
  stop = await keepAnswers(reader);
});
afterEach(async () => {
  proxy.silent = false;
  await proxy.accept();
  await eventually(async () => expect(reader.deps.outbox.following.isCurrent()).toBe(true));
  await eventually(async () => expect(reader.deps.outage.away()).toBeNull());
});
afterAll(async () => {
  await stop();
  await reader.close();
  await proxy.close();
  await room.close();
});

const get = (path: string) => reader.request('get', path).set('Accept-Encoding', 'identity');
const soon = (ms: number) => new Date(Date.now() + ms);
const published = (body: object = {}) => room.story({ status: 'published', ...body });
const away = () => eventually(async () => expect(reader.deps.outage.away()).not.toBeNull());
/** Waits until nothing is answered as if the database were there. */
const blind = () => eventually(async () => expect(reader.deps.outbox.following.isCurrent()).toBe(false));
const timed = async (call: PromiseLike<unknown>) => {
  const began = performance.now();
  await call;
  return performance.now() - began;
};

describe('while the database is away', () => {
  it('readers get what is kept, which says so; what is not kept is 503 at once; and all is as before afterwards', async () => {
    const { id } = await published({ title: 'যা রাখা আছে' });
    const other = await published({ title: 'যা রাখা নেই' });
    await caughtUp(reader);
    const before = await get(pathOf(id)).expect(200);
    await proxy.refuse();
    await away();
    await blind();
    const { headers, text } = await get(pathOf(id)).expect(200);
    expect(text).toBe(before.text);
    expect(headers).toMatchObject({
      etag: before.headers.etag,
      'cache-control': 'max-age=0',
      'cache-status': 'khobor; hit; detail=database-away',
      age: expect.stringMatching(/^[1-9]\d*$/),
    });
    expect(headers).not.toHaveProperty('cdn-cache-control');
    const unchanged = await get(pathOf(id)).set('If-None-Match', String(before.headers.etag)).expect(304);
    expect(unchanged.headers['cache-status']).toBe('khobor; hit; detail=database-away');
    const ms = await timed(
      get(pathOf(other.id))
        .expect(503)
        .then((answer) => expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)),
    );
    expect(ms).toBeLessThan(500);
    await proxy.accept();
    await eventually(
      async () => expect((await get(pathOf(other.id)).expect(200)).headers).not.toHaveProperty('age'),
      2_000,
    );
    await eventually(async () => {
      const after = await get(pathOf(id)).expect(200);
      expect(after.headers).not.toHaveProperty('cache-status');
      expect(after.headers['cache-control']).toMatch(/^public, max-age=/);
    }, 2_000);
  });

  it('one question each moment tells for every call: reads, writes and readiness are 503 at once and ask nothing', async () => {
    const editor = room.people.editor;
    await caughtUp(reader);
    proxy.silent = true;
    proxy.cut();
    await away();
    const { pool } = reader.deps.db;
    const connected: number[] = [];
    pool.on('connect', () => connected.push(1));
    const calls = [
      () => reader.request('get', '/readyz'),
      () => reader.request('get', '/v1/articles').set(...bearer(editor)),
      () => reader.request('get', '/v1/tags'),
      () => reader.request('get', '/v1/changes'),
      () =>
        reader
          .request('post', '/v1/articles')
          .set(...bearer(editor))
          .send({ title: 'যা লেখা যায় না' }),
      () => reader.request('post', '/v1/auth/login').send({ email: editor.email, password: 'ভুল পাসওয়ার্ড' }),
    ];
    for (const call of calls) {
      const ms = await timed(
        call()
          .expect(503)
          .then(({ headers, body }) => {
            expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
            expect(body.code).toBe('unavailable');
          }),
      );
      expect(ms).toBeLessThan(500);
    }
    // The question of the moment alone waits for a connection.
    expect(pool.waitingCount + pool.totalCount - pool.idleCount).toBeLessThanOrEqual(1);
    expect(connected).toHaveLength(0);
    proxy.silent = false;
    await eventually(async () => void (await room.app.request('get', '/readyz').expect(200)));
    await eventually(async () => {
      await reader.request('get', '/readyz').expect(200);
      await reader
        .request('post', '/v1/tags')
        .set(...bearer(editor))
        .send({ name: 'ফিরে আসা' })
        .expect(201);
    }, 2_000);
  });

  it('an article that ends is shown until its instant, and its list too, and neither after it', async () => {
    const over = soon(4_500);
    const { id } = await published({ expiresAt: over.toISOString() });
    await caughtUp(reader);
    for (const path of [pathOf(id), '/v1/latest']) await get(path).expect(200);
    await proxy.refuse();
    await away();
    await blind();
    const statuses = { before: new Set<number>(), after: new Set<number>() };
    await eventually(async () => {
      for (const path of [pathOf(id), '/v1/latest']) {
        const asked = Date.now();
        const { status } = await get(path);
        statuses[asked >= over.getTime() ? 'after' : 'before'].add(status);
      }
      expect(statuses.after.size).toBeGreaterThan(0);
    });
    expect(statuses.before).toContain(200);
    expect(statuses.after).toEqual(new Set([503]));
  });

  it('a list in which an article would have appeared is shown as it was', async () => {
    const due = soon(2_500);
    const { id } = await published({ publishedAt: due.toISOString() });
    await caughtUp(reader);
    expect((await get('/v1/latest').expect(200)).text).not.toContain(id);
    await proxy.refuse();
    await away();
    await blind();
    await eventually(async () => expect(Date.now()).toBeGreaterThan(due.getTime()));
    const { headers, text } = await get('/v1/latest').expect(200);
    expect(text).not.toContain(id);
    expect(headers['cache-control']).toBe('max-age=0');
    await proxy.accept();
    await eventually(async () => expect((await get('/v1/latest')).text).toContain(id), 2_000);
  });

  it('nothing is shown for longer than STALE_IF_ERROR_S', async () => {
    const { id } = await published();
    await caughtUp(reader);
    await get(pathOf(id)).expect(200);
    await proxy.refuse();
    await away();
    const began = performance.now();
    await blind();
    await get(pathOf(id)).expect(200);
    await eventually(async () => void (await get(pathOf(id)).expect(503)));
    expect(performance.now() - began).toBeGreaterThan(5_000);
  });

  it('what others change meanwhile is seen after it', async () => {
    const { id } = await published({ title: 'আগের শিরোনাম' });
    await caughtUp(reader);
    await get(pathOf(id)).expect(200);
    await proxy.refuse();
    await away();
    await blind();
    await room.patch(id, { title: 'পরের শিরোনাম' }).expect(200);
    expect((await get(pathOf(id)).expect(200)).body.title).toBe('আগের শিরোনাম');
    await proxy.accept();
    await eventually(async () => expect((await get(pathOf(id)).expect(200)).body.title).toBe('পরের শিরোনাম'), 2_000);
  });

  it('a network that says nothing is an outage too', async () => {
    const { id } = await published();
    await caughtUp(reader);
    await get(pathOf(id)).expect(200);
    proxy.silent = true;
    proxy.cut();
    await away();
    await blind();
    expect(await timed(get(pathOf(id)).expect(200))).toBeLessThan(500);
    await get('/v1/tags').expect(503);
  });
});

it('nothing old is shown where it was not known what others had changed when the outage began', async () => {
  const { id } = await published({ title: 'শোনা হয়নি' });
  await caughtUp(reader);
  await get(pathOf(id)).expect(200);
  await stop();
  await proxy.refuse();
  await get(pathOf(id)).expect(503);
  await away();
  await get(pathOf(id)).expect(503);
  await proxy.accept();
  stop = await keepAnswers(reader);
});

it('a connection that is ended alone is no outage', async () => {
  await caughtUp(reader);
  proxy.cut();
  await eventually(async () => void (await get('/v1/tags').expect(200)), 1_000);
  expect(reader.deps.outage.away()).toBeNull();
});
