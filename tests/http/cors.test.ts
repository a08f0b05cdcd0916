import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type supertest from 'supertest';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';

const origin = 'https://desk.news.example';
const second = 'http://localhost:5173';
const words = (header: string | undefined) => (header ?? '').split(',').map((word) => word.trim().toLowerCase());
const exposed = ['etag', 'link', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'];
const allowHeaders = /^access-control-/;

describe('browsers of other origins', () => {
  let app: TestApp;
  let editor: Person;
  let article: string;
  const preflight = (path: string, from: string, method: string, headers = 'authorization,content-type') =>
    app
      .request('options', path)
      .set('Origin', from)
      .set('Access-Control-Request-Method', method)
      .set('Access-Control-Request-Headers', headers);

  beforeAll(async () => {
    app = await startApp({
      CORS_ORIGINS: `${origin}, ${second}`,
      RATE_LIMIT_LOGIN_ACCOUNT: '1',
      BODY_BYTES_MAX: '2000',
    });
    editor = await app.person('editor');
    const made = await app
      .request('post', '/v1/articles')
      .set(...bearer(editor))
      .send({ title: 'অন্য জানালার খবর', status: 'published' })
      .expect(201);
    article = `/v1/articles/${made.body.id}`;
    await app
      .request('post', '/v1/articles')
      .set(...bearer(editor))
      .send({ title: 'আরেক জানালার খবর', status: 'published' })
      .expect(201);
  });
  afterAll(() => app.close());

  it.each([
    ['PATCH', () => article],
    ['DELETE', () => article],
    ['GET', () => article],
    ['POST', () => `${article}/publish`],
    ['POST', () => '/v1/auth/login'],
    ['POST', () => '/v1/users'],
    ['PATCH', () => '/v1/auth/me/password'],
  ])(
    'a preflight of %s gets 204 without a token, with every method and header that editors need',
    async (method, path) => {
      const needed = ['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key'];
      for (const from of [origin, second]) {
        const { headers, text } = await preflight(path(), from, method, needed.join(',')).expect(204);
        expect(text).toBe('');
        // RFC 9110, 8.6: of no answer with 204.
        expect(headers['content-length']).toBeUndefined();
        expect(headers['access-control-allow-origin']).toBe(from);
        expect(words(headers['access-control-allow-methods'])).toContain(method.toLowerCase());
        expect(words(headers['access-control-allow-headers'])).toEqual(expect.arrayContaining(needed));
        expect(Number(headers['access-control-max-age'])).toBeGreaterThanOrEqual(600);
        expect(headers['access-control-allow-credentials']).toBeUndefined();
        expect(words(headers.vary)).toContain('origin');
      }
    },
  );

  it.each([
    'https://evil.example',
    `${origin}.evil.example`,
    'http://desk.news.example',
    `${origin}:8443`,
    'null',
    origin.toUpperCase(),
    `${origin}/`,
  ])('gives the origin %s no header that allows it anything', async (from) => {
    for (const answer of [
      await preflight(article, from, 'PATCH'),
      await app.request('get', article).set('Origin', from).expect(200),
    ]) {
      expect(Object.keys(answer.headers).filter((name) => allowHeaders.test(name))).toEqual([]);
      expect(words(answer.headers.vary)).toContain('origin');
    }
  });

  const signed = (request: supertest.Test) => request.set(...bearer(editor));
  const answers: [string, number, () => supertest.Test][] = [
    ['an article', 200, () => app.request('get', article)],
    ['a list with a next page', 200, () => app.request('get', '/v1/latest?limit=1')],
    ['what was made', 201, () => signed(app.request('post', '/v1/tags')).send({ name: 'জানালা' })],
    ['what has not changed', 304, () => app.request('get', article).set('If-None-Match', '*')],
    ['malformed JSON', 400, () => app.request('post', '/v1/auth/login').type('json').send('{')],
    ['no token', 401, () => app.request('get', '/v1/auth/me')],
    ['a bad token', 401, () => app.request('get', '/v1/latest').set('Authorization', 'Bearer x')],
    ['no right', 403, () => signed(app.request('get', '/v1/users'))],
    ['an unknown route', 404, () => app.request('get', '/v1/nothing')],
    ['an unknown article', 404, () => app.request('get', '/v1/articles/none')],
    ['a method that is not there', 405, () => app.request('put', '/v1/articles')],
    ['a stale tag', 412, () => signed(app.request('patch', article)).set('If-Match', '"9"').send({ title: 'ক' })],
    ['a body that is too large', 413, () => signed(app.request('post', '/v1/tags')).send({ name: 'ক'.repeat(2_000) })],
    ['a type that is not read', 415, () => signed(app.request('post', '/v1/tags')).type('text').send('ক')],
    ['no condition', 428, () => signed(app.request('patch', article)).send({ title: 'ক' })],
  ];

  it.each(answers)(
    '%s (%i) can be read by an allowed origin, with the headers that a client needs',
    async (_, status, ask) => {
      const { headers } = await ask().set('Origin', origin).expect(status);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(words(headers['access-control-expose-headers'])).toEqual(expect.arrayContaining(exposed));
      expect(words(headers.vary)).toEqual(expect.arrayContaining(['origin', 'authorization']));
    },
  );

  it('too many log-ins (429) can be read, and when to try again', async () => {
    const login = () =>
      app.request('post', '/v1/auth/login').set('Origin', origin).send({ email: 'a@khobor.example', password: 'x' });
    await login().expect(401);
    const { headers } = await login().expect(429);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(words(headers['access-control-expose-headers'])).toContain('retry-after');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('an answer of 503 can be read', async () => {
    app.deps.lifecycle.stopping = true;
    const { headers } = await app.request('get', '/readyz').set('Origin', origin).expect(503);
    app.deps.lifecycle.stopping = false;
    expect(headers['access-control-allow-origin']).toBe(origin);
  });

  it('a malformed address (400) can be read', async () => {
    const { headers } = await app.request('get', '/v1/articles/%E0%A4%A').set('Origin', origin).expect(400);
    expect(headers['access-control-allow-origin']).toBe(origin);
  });

  it.each(['/v1/latest', '/v1/articles', '/openapi.json', '/', '/docs'])(
    '%s says that it varies by Origin without one too, also as 304',
    async (path) => {
      const plain = await app.request('get', path).expect(200);
      expect(words(plain.headers.vary)).toContain('origin');
      expect(plain.headers['access-control-allow-origin']).toBeUndefined();
      const unchanged = await app
        .request('get', path)
        .set('If-None-Match', plain.headers.etag ?? '')
        .expect(304);
      expect(words(unchanged.headers.vary)).toEqual(words(plain.headers.vary));
    },
  );

  it('says with * that anybody may read, never with credentials, and varies by no origin', async () => {
    const open = await startApp({ CORS_ORIGINS: '*' }, { databaseUrl: app.databaseUrl });
    try {
      const { headers } = await open.request('get', '/v1/latest').set('Origin', 'https://anybody.example').expect(200);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      expect(words(headers.vary)).not.toContain('origin');
    } finally {
      await open.close();
    }
  });

  it('allows nobody where no origin is configured', async () => {
    const closed = await startApp({}, { databaseUrl: app.databaseUrl });
    try {
      const { headers } = await closed.request('get', '/v1/latest').set('Origin', origin).expect(200);
      expect(Object.keys(headers).filter((name) => allowHeaders.test(name))).toEqual([]);
    } finally {
      await closed.close();
    }
  });
});
