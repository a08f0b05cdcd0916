import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
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
});
