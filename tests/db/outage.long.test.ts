import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { cloneDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { commit, type NetworkProxy, openProxy } from '../support/proxy.ts';

const { newId, routeGroups } = outside;

// An unhandled rejection or an uncaught error fails the test that runs: the process of the API would have ended.

/** How long an answer is waited for here; 6 seconds in earnest. */
const patienceMs = 1_000;

let database: Awaited<ReturnType<typeof cloneDatabase>>;
let proxy: NetworkProxy;
let app: TestApp;
let admin: Person;
beforeAll(async () => {
  database = await cloneDatabase();
  proxy = await openProxy(database.url);
  const url = new URL(proxy.url);
  url.searchParams.set('query_timeout', String(patienceMs));
  app = await startApp({ DATABASE_POOL_MAX: '4' }, { databaseUrl: url.href });
  admin = await app.person('admin');
});
afterAll(async () => {
  await app.close();
  await proxy.close();
  await database.drop();
});
afterEach(async () => {
  Object.assign(proxy, { silent: false, trap: null, pace: null });
  await proxy.accept();
  await eventually(() => get('/readyz').expect(200));
});

const get = (path: string) => app.request('get', path);
const post = (path: string, body: object) =>
  app
    .request('post', path)
    .set(...bearer(admin))
    .send(body);
const tagsNamed = async (name: string) => {
  const text = 'SELECT e.type FROM tags t LEFT JOIN events e ON e.subject_id = t.id WHERE t.name = $1';
  return (await directly<{ type: string | null }>(database.url, text, [name])).map(({ type }) => type);
};

function expectUnavailable(res: Response, code = 'unavailable'): void {
  expect(res.status).toBe(503);
  expect(res.body).toMatchObject({ code });
  expect(res.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(res.headers['content-type']).toBe('application/problem+json; charset=utf-8');
}

async function timed<T>(calls: PromiseLike<T>): Promise<{ answers: T; ms: number }> {
  const began = performance.now();
  const answers = await calls;
  return { answers, ms: performance.now() - began };
}

describe('while the database refuses connections', () => {
  it('answers every operation that needs it with 503 in time, lives on, and is back by itself', async () => {
    await get('/readyz').expect(200);
    const operations = routeGroups(app.deps, app.services)
      .flatMap((group) => group.endpoints)
      .map(({ method, path, spec }) => ({ method, path: path.replaceAll(/\{\w+\}/g, newId()), access: spec.access }));
    const forStaff = operations.filter(({ access }) => access !== 'public');
    const forAll = operations.filter(({ path, access }) => access === 'public' && path.startsWith('/v1/'));
    expect(forStaff.length).toBeGreaterThan(20);
    await proxy.refuse();
    const calls = [...forStaff, ...forAll].map(({ method, path }) => app.request(method, path).set(...bearer(admin)));
    const { answers, ms } = await timed(Promise.all(calls));
    expect(ms).toBeLessThan(3_000);
    for (const res of answers.splice(0, forStaff.length)) expectUnavailable(res);
    // A call for all may first be refused for what was sent.
    const early = answers.filter((res) => res.status !== 503).map((res) => res.status);
    expect(early.filter((status) => status !== 400 && status !== 404)).toEqual([]);
    for (const path of [
      '/readyz',
      '/v1/latest',
      '/v1/articles',
      '/v1/tags',
      '/v1/sources',
      `/v1/articles/${newId()}`,
    ]) {
      expectUnavailable(await get(path));
    }
    expectUnavailable(await post('/v1/auth/login', { email: admin.email, password: 'ভুল-পাসওয়ার্ড-১২৩' }));
    for (const path of ['/livez', '/metrics', '/openapi.json']) await get(path).expect(200);

    await proxy.accept();
    await eventually(() => get('/v1/latest').expect(200), 2_000);
    await post('/v1/tags', { name: 'নদী' }).expect(201);
  });
});

describe('when connections break', () => {
  it('answers calls in the middle of a cut with 2xx or 503, and the next ones with 2xx', async () => {
    const calls = [...Array(12).keys()].map((index) =>
      index % 2 === 0 ? get('/v1/latest') : post('/v1/tags', { name: `কাটা ${index}` }),
    );
    const answered = Promise.all(calls);
    await calls[0];
    proxy.cut();
    for (const res of await answered) if (res.status >= 300) expect(res.status).toBe(503);
    await get('/v1/latest').expect(200);
    await post('/v1/tags', { name: 'কাটার পরে' }).expect(201);
  });

  it('says that the outcome is unknown, and not 2xx, when the answer to COMMIT is lost', async () => {
    proxy.trap = { kind: 'deliver', text: commit };
    expectUnavailable(await post('/v1/tags', { name: 'সেতু' }), 'outcome-unknown');
    expect(await tagsNamed('সেতু')).toEqual(['tag.created']);
    expect((await post('/v1/tags', { name: 'সেতু' })).status).toBe(409);
  });

  it('says the same when COMMIT itself is lost, and has stored nothing', async () => {
    proxy.trap = { kind: 'lose', text: commit };
    expectUnavailable(await post('/v1/tags', { name: 'ঘাট' }), 'outcome-unknown');
    expect(await tagsNamed('ঘাট')).toEqual([]);
    await post('/v1/tags', { name: 'ঘাট' }).expect(201);
  });

  it('has changed nothing, and says so, when a write is cut before COMMIT', async () => {
    proxy.trap = { kind: 'lose', text: 'INSERT' };
    expectUnavailable(await post('/v1/tags', { name: 'চর' }));
    expect(await tagsNamed('চর')).toEqual([]);
  });
});

describe('when the network is bad', () => {
  it('a repeat with the same Idempotency-Key gets the answer that was lost, and makes nothing twice', async () => {
    const send = () => post('/v1/tags', { name: 'মোহনা' }).set('Idempotency-Key', 'lost-answer');
    proxy.trap = { kind: 'deliver', text: commit };
    expectUnavailable(await send(), 'outcome-unknown');
    const again = await send().expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await tagsNamed('মোহনা')).toEqual(['tag.created']);
  });

  it('answers all calls over a line that takes a while for every piece', async () => {
    proxy.pace = { delayMs: 20, bytesMax: Number.POSITIVE_INFINITY };
    await post('/v1/tags', { name: 'দূরের বাতি' }).expect(201);
    for (const res of await Promise.all([...Array(6)].map(() => get('/v1/latest')))) expect(res.status).toBe(200);
  });

  it('gives up an answer that trickles in byte by byte, and does not meet its connection again', async () => {
    await post('/v1/tags', { name: 'ধীর জল' }).expect(201);
    proxy.pace = { delayMs: 40, bytesMax: 1 };
    const { answers, ms } = await timed(Promise.all([get('/v1/tags'), get('/v1/latest')]));
    for (const res of answers) expectUnavailable(res);
    expect(ms).toBeLessThan(patienceMs * 1.9);
    proxy.pace = null;
    const after = await Promise.all([...Array(6)].map(() => get('/v1/tags')));
    expect(after.map((res) => res.status)).toEqual([200, 200, 200, 200, 200, 200]);
  });
});

describe('when the database goes silent', () => {
  it('gives up a write whose server falls silent, once and not again for its ROLLBACK', async () => {
    proxy.trap = { kind: 'silence', text: 'INSERT' };
    const { answers, ms } = await timed(post('/v1/tags', { name: 'হাওর' }));
    expectUnavailable(answers);
    expect(ms).toBeGreaterThanOrEqual(patienceMs - 5);
    expect(ms).toBeLessThan(patienceMs * 1.9);
    // The silent connection is gone from the pool: no later call meets it.
    const after = await Promise.all([...Array(6)].map(() => post('/v1/tags', { name: 'হাওর' })));
    expect(after.map((res) => res.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('answers within the second of a new connection when nobody answers that', async () => {
    proxy.silent = true;
    proxy.cut();
    const { answers, ms } = await timed(Promise.all([...Array(6)].map(() => get('/v1/latest'))));
    for (const res of answers) expectUnavailable(res);
    expect(ms).toBeLessThan(3_000);
    expect((await get('/livez')).status).toBe(200);
  });

  it('gives a statement up sooner that says so, as that of readiness', async () => {
    const { text, timeoutMs } = { text: 'SELECT pg_sleep(5)', timeoutMs: 100 };
    const { answers, ms } = await timed(app.deps.db.read({ text, timeoutMs }).catch((error: unknown) => error));
    expect(answers).toMatchObject({ kind: 'Unavailable' });
    expect(ms).toBeLessThan(patienceMs);
  });
});
