import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { openRaw } from '../support/raw-http.ts';

type Sample = { name: string; labels: Record<string, string>; value: number };

describe('GET /metrics', () => {
  let app: TestApp;
  const samples = async (): Promise<Sample[]> => {
    const { text } = await app.request('get', '/metrics').expect(200);
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
        const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', word = '']) => [key, word]);
        return { name, labels: Object.fromEntries(pairs), value: Number(value) };
      });
  };
  const counts = async () => (await samples()).filter(({ name }) => name === 'http_request_duration_seconds_count');
  const counted = async (labels: Record<string, string>) =>
    (await counts()).find((sample) => Object.entries(labels).every(([key, word]) => sample.labels[key] === word))
      ?.value ?? 0;

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('is the text format of Prometheus, for operators without a token, and kept by nobody', async () => {
    const { headers, text } = await app.request('get', '/metrics').expect(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toMatch(/^# HELP http_request_duration_seconds /m);
    expect(text).toMatch(/^# TYPE http_request_duration_seconds histogram$/m);
  });

  it('counts and times each request by the template of its route', async () => {
    const labels = { method: 'GET', route: '/v1/articles/{idOrSlug}', status: '404' };
    const before = await counted(labels);
    for (const slug of ['এক', 'দুই', randomUUID()])
      await app.request('get', `/v1/articles/${encodeURIComponent(slug)}?fields=title`).expect(404);
    expect(await counted(labels)).toBe(before + 3);
    const sums = (await samples()).filter(
      ({ name, labels: own }) => name === 'http_request_duration_seconds_sum' && own.route === labels.route,
    );
    expect(sums[0]?.value).toBeGreaterThan(0);
  });

  it('tells how many calls were within each bound, and of all of them and their seconds', async () => {
    for (let turn = 0; turn < 3; turn += 1) await app.request('get', '/v1/tags/none').expect(404);
    const own = (await samples()).filter(
      ({ labels }) => labels.route === '/v1/tags/{idOrSlug}' && labels.status === '404',
    );
    const of = (part: string) => own.filter(({ name }) => name === `http_request_duration_seconds_${part}`);
    const buckets = of('bucket');
    expect(buckets.map(({ labels }) => labels.le)).toEqual([
      '0.001',
      '0.0025',
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.1',
      '0.25',
      '0.5',
      '1',
      '2.5',
      '5',
      '10',
      '30',
      '+Inf',
    ]);
    const counts = buckets.map(({ value }) => value);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect([counts.at(-1), of('count')[0]?.value]).toEqual([3, 3]);
    const seconds = of('sum')[0]?.value ?? 0;
    // Some call was as quick as the mean or quicker, and none took longer than all together.
    const mean = seconds / 3;
    const within = (bound: number) => buckets.find(({ labels }) => Number(labels.le) >= bound)?.value ?? 3;
    expect(within(mean)).toBeGreaterThan(0);
    expect(within(seconds)).toBe(3);
  });

  it('grows by nothing that callers make up: paths, methods, queries, statuses', async () => {
    await app.request('get', '/v1/latest').expect(200);
    await app.request('get', `/${randomUUID()}`).expect(404);
    const series = async () => new Set((await counts()).map(({ labels }) => JSON.stringify(labels)));
    const before = await series();
    for (let turn = 0; turn < 5; turn += 1) {
      await app.request('get', `/${randomUUID()}/${randomUUID()}`).expect(404);
      await app.request('get', `/v1/articles/${randomUUID()}`).expect(404);
      await app.request('get', `/v1/latest?limit=${turn + 1}`).expect(200);
    }
    for (const method of ['PROPFIND', 'MKCOL', 'PURGE', 'TRACE']) {
      const connection = await openRaw(app.url);
      connection.send(`${method} /${randomUUID()} HTTP/1.1\r\nHost: x\r\n\r\n`);
      expect((await connection.answer()).status).toBe(404);
      connection.destroy();
    }
    const added = [...(await series())].filter((labels) => !before.has(labels)).map((labels) => JSON.parse(labels));
    expect(added.filter(({ route }) => route !== 'none' && route !== '/metrics')).toEqual([]);
    expect(added.filter(({ method }) => method === 'other')).toHaveLength(1);
    const known = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'other']);
    for (const { labels } of await counts()) expect(known).toContain(labels.method);
  });

  it('shows the pool, the delay of the event loop, memory and processor', async () => {
    await app.request('get', '/v1/latest').expect(200);
    const all = await samples();
    const pool = all.filter(({ name }) => name === 'db_pool_connections').map(({ labels }) => labels.state);
    expect(pool.sort()).toEqual(['idle', 'total', 'waiting']);
    expect(
      all.find(({ name, labels }) => name === 'db_pool_connections' && labels.state === 'total')?.value,
    ).toBeGreaterThan(0);
    const names = new Set(all.map(({ name }) => name));
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ])
      expect(names).toContain(name);
  });

  const sampleOf = async (name: string, labels: Record<string, string> = {}) =>
    (await samples()).find(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )?.value ?? 0;

  it('names and describes each metric as the check of Prometheus wants it', async () => {
    const { text } = await app.request('get', '/metrics').expect(200);
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(20);
    for (const { name, type } of types) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
      expect({ name, counts: name.endsWith('_total') }).toEqual({ name, counts: type === 'counter' });
      expect(name).not.toMatch(/_(count|sum|bucket|milliseconds|ms)$/);
    }
    expect(new Set(types.map(({ name }) => name)).size).toBe(types.length);
  });

  it('says which program this is', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await sampleOf('khobor_build_info', { version, node: process.versions.node })).toBe(1);
  });

  it('counts failures by route and code: a refused log-in, a refused write, a missing article', async () => {
    const strict = await startApp({ RATE_LIMIT_WRITES: '1' });
    const author = await strict.person('author');
    const write = () =>
      strict
        .request('post', '/v1/articles')
        .set(...bearer(author))
        .send({ title: 'ধানের হাট' });
    await write().expect(201);
    await write().expect(429);
    await strict.request('post', '/v1/auth/login').send({ email: author.email, password: 'not this one' }).expect(401);
    await strict.request('get', '/v1/articles/none').expect(404);
    const { text } = await strict.request('get', '/metrics').expect(200);
    await strict.close();
    expect(text).toContain('http_problems_total{route="/v1/articles",code="too-many"} 1');
    expect(text).toContain('http_problems_total{route="/v1/auth/login",code="invalid-credentials"} 1');
    expect(text).toContain('http_problems_total{route="/v1/articles/{idOrSlug}",code="not-found"} 1');
  });

  it('times the waiting for a connection, and tells of an outage by kind and SQLSTATE', async () => {
    const waits = await sampleOf('db_pool_wait_seconds_count');
    const kind = { kind: 'unmigrated' };
    const before = await sampleOf('http_outages_total', kind);
    await app.sql('ALTER TABLE articles RENAME TO articles_away');
    await app.request('get', '/v1/latest').expect(503);
    await app.sql('ALTER TABLE articles_away RENAME TO articles');
    expect(await sampleOf('http_outages_total', kind)).toBe(before + 1);
    expect(await sampleOf('db_failures_total', { sqlstate: '42P01' })).toBeGreaterThan(0);
    expect(await sampleOf('db_pool_wait_seconds_count')).toBeGreaterThan(waits);
  });

  it('counts a transaction that is tried again', async () => {
    const before = await sampleOf('db_transaction_retries_total');
    let tries = 0;
    const text = "DO $$ BEGIN RAISE EXCEPTION 'once' USING ERRCODE = '40001'; END $$";
    await app.deps.db.transaction(async (tx) => {
      tries += 1;
      if (tries === 1) await tx.models.$executeRawUnsafe(text);
    });
    expect(await sampleOf('db_transaction_retries_total')).toBe(before + 1);
    expect(await sampleOf('db_failures_total', { sqlstate: '40001' })).toBe(1);
  });

  it('tells calls of more than 5 seconds apart', async () => {
    const bounds = (await samples()).flatMap(({ name, labels }) =>
      name === 'http_request_duration_seconds_bucket' ? [Number(labels.le)] : [],
    );
    expect(Math.max(...bounds.filter(Number.isFinite))).toBe(30);
  });
});
