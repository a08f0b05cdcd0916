import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { canary, keys, malformed, nested } from '../support/malformed-bodies.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { faultsOf } from '../support/problems.ts';
import { rowsOf } from '../support/world.ts';

describe('what a body may be', () => {
  let room: Newsroom;
  let article: string;
  let before: Record<string, string>;

  type Headers = Record<string, string>;
  const call = (method: string, path: string, headers: Headers, content: RequestInit = {}) => {
    const ours = { ...Object.fromEntries([bearer(room.people.admin)]), ...anyMatch(method, path) };
    return fetch(`${room.app.url}${path}`, { method, headers: { ...ours, ...headers }, ...content });
  };
  const send = (method: string, path: string, body: string | Buffer, headers: Headers = {}) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return call(method, path, { 'Content-Type': 'application/json', ...headers }, { body: bytes });
  };
  const refused = async (answer: globalThis.Response, status: number) => {
    const text = await answer.text();
    expect([answer.status, text]).toEqual([status, expect.any(String)]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(text).not.toContain(canary);
    return JSON.parse(text);
  };

  beforeAll(async () => {
    room = await openNewsroom();
    article = (await room.story({ title: 'যেমন ছিল' })).id;
    before = await rowsOf(room.app);
  });
  afterAll(() => room.close());

  const routes = (): [string, string][] => [
    ['POST', '/v1/articles'],
    ['PATCH', `/v1/articles/${article}`],
    ['POST', '/v1/tags'],
    ['POST', '/v1/sources'],
    ['POST', '/v1/users'],
    ['POST', '/v1/auth/login'],
  ];
  /** The problems of all these routes with one body. */
  const refusedEverywhere = async (status: number, body: string | Buffer, headers: Headers = {}) => {
    const problems = [];
    for (const [method, path] of routes())
      problems.push(await refused(await send(method, path, body, headers), status));
    expect(await rowsOf(room.app)).toEqual(before);
    return problems;
  };

  it.each(malformed)('is not %s: every route refuses it, shows none of it and records nothing', async (_, body) => {
    for (const { code } of await refusedEverywhere(400, body)) expect(code).toBe('malformed-body');
  });

  it('may have 32 levels and 1,000 keys; what a route does not know is named', async () => {
    for (const { code } of await refusedEverywhere(400, `{"name":${nested(31)}}`)) expect(code).toBe('invalid-input');
    for (const { code, errors } of await refusedEverywhere(400, keys(1_000))) {
      expect(code).toBe('invalid-input');
      expect(errors).toHaveLength(100);
    }
  });

  it.each([
    ['no type', ''],
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['parts', 'multipart/form-data; boundary=x'],
    ['another JSON', 'application/ld+json'],
    ['old JSON', 'text/json'],
    ['half a type', 'application'],
    ['two types', 'application/json, text/plain'],
    ['UTF-16', 'application/json; charset=utf-16'],
    ['Latin', 'application/json;charset="iso-8859-1"'],
  ])('is 415 with %s', async (_, type) => {
    const problems = await refusedEverywhere(415, `{"name":"${canary}"}`, { 'Content-Type': type });
    for (const { code } of problems) expect(code).toBe('unsupported-media-type');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(20_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(1_000_000))],
    ['deflate', Buffer.from('{}')],
    ['gzip, identity', Buffer.from('{}')],
    ['x', Buffer.from('{}')],
  ])('is 415 in the encoding %s, and not unpacked', async (encoding, body) => {
    const began = process.cpuUsage();
    await refusedEverywhere(415, body, { 'Content-Encoding': encoding });
    expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
  });

  it.each([
    ['application/json;charset=UTF-8', ''],
    ['APPLICATION/JSON; charset="utf-8"', ''],
    ['application/json; q=1; charset=utf8', ''],
    ['application/json', '\uFEFF'],
  ])('takes %s in no encoding, with a byte order mark or without', async (type, mark) => {
    const title = 'বর্ণের হিসাব';
    const headers = { 'Content-Type': type, 'Content-Encoding': 'identity' };
    const answer = await send('POST', '/v1/articles', `${mark}${JSON.stringify({ title })}`, headers);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ title });
    before = await rowsOf(room.app);
  });

  it('takes a merge patch by its type where one is meant, and nowhere else', async () => {
    const type = { 'Content-Type': 'application/merge-patch+json' };
    expect((await send('PATCH', `/v1/articles/${article}`, '{"title":"যেমন হল"}', type)).status).toBe(200);
    before = await rowsOf(room.app);
    await refused(await send('POST', '/v1/articles', '{"title":"ক"}', type), 415);
    expect(await rowsOf(room.app)).toEqual(before);
  });

  it('lets an optional body be missing, with any type or none, by length or by chunks', async () => {
    for (const type of ['', 'text/plain', 'application/json']) {
      for (const chunked of [false, true]) {
        const headers: Headers = type === '' ? {} : { 'Content-Type': type };
        const step = (path: string, more: Headers = {}) =>
          call('POST', path, { ...headers, ...more }, chunked ? { body: new Blob([]).stream(), duplex: 'half' } : {});
        expect((await step(`/v1/articles/${article}/publish`)).status).toBe(200);
        expect((await step(`/v1/articles/${article}/unpublish`)).status).toBe(200);
        expect((await step('/v1/auth/logout', { Authorization: '' })).status).toBe(204);
      }
    }
    before = await rowsOf(room.app);
    await refused(await send('POST', `/v1/articles/${article}/publish`, '{}', { 'Content-Type': 'text/plain' }), 415);
    await refused(await send('POST', `/v1/articles/${article}/publish`, 'null'), 400);
    expect(await rowsOf(room.app)).toEqual(before);
  });

  it('leaves every object without the members of a poisoned one', async () => {
    await send('POST', '/v1/articles', '{"__proto__":{"role":"admin"},"title":"ক"}');
    await send('POST', '/v1/articles', '{"constructor":{"prototype":{"role":"admin"}},"title":"ক"}');
    expect(Reflect.get({}, 'role')).toBeUndefined();
    expect(await rowsOf(room.app)).toEqual(before);
  });

  it('names every fault of query and body at once', async () => {
    const answer = await room
      .as('admin', 'post', '/v1/articles?dryRun=1')
      .send({ titel: 'ক', language: 'x_y', tags: [1], cover: { url: 'javascript:x', size: 1 } })
      .expect(400);
    expect(faultsOf(answer).sort()).toEqual([
      'body /cover/alt',
      'body /cover/size',
      'body /cover/url',
      'body /language',
      'body /tags/0',
      'body /titel',
      'body /title',
      'query /dryRun',
    ]);
  });

  it('refuses 40,000 tags with the limit and quickly', async () => {
    const body = { tags: Array.from({ length: 40_000 }, (_, index) => `বিষয় ${index}`) };
    const patch = () => room.patch(article, body).expect(400);
    await patch();
    const began = cpuMs();
    const answer = await patch();
    expect(cpuMs() - began).toBeLessThan(500);
    expect(faultsOf(answer)).toEqual(['body /tags']);
    expect(answer.body.errors[0].detail).toContain('50');
    const { body: document } = await room.app.request('get', '/openapi.json').expect(200);
    expect(document.components.schemas.ArticlePatch.properties.tags.maxItems).toBe(50);
    const numbers = await send('POST', '/v1/articles', JSON.stringify({ title: 'ক', tags: Array(300_000).fill(1) }));
    expect((await numbers.text()).length).toBeLessThan(20_000);
  });

  it('shows a long key in short', async () => {
    const answer = await send('POST', '/v1/articles', JSON.stringify({ title: 'ক', ['k'.repeat(500_000)]: 1 }));
    expect(answer.status).toBe(400);
    expect((await answer.text()).length).toBeLessThan(1_000);
  });
});
