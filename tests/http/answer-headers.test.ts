import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type supertest from 'supertest';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';

describe('what every answer says', () => {
  let app: TestApp;
  let editor: Person;

  beforeAll(async () => {
    app = await startApp({ HSTS_SECONDS: '31536000', CORS_ORIGINS: 'https://desk.example' });
    editor = await app.person('editor');
  });
  afterAll(() => app.close());

  const answers: [string, number, () => supertest.Test][] = [
    ['a list', 200, () => app.request('get', '/v1/latest')],
    ['a list without its body', 200, () => app.request('head', '/v1/latest')],
    ['what has not changed', 304, () => app.request('get', '/v1/latest').set('If-None-Match', '*')],
    [
      'what was made',
      201,
      () =>
        app
          .request('post', '/v1/tags')
          .set(...bearer(editor))
          .send({ name: 'মাথা' }),
    ],
    ['nothing', 204, () => app.request('post', '/v1/auth/logout')],
    ['the methods of an address', 204, () => app.request('options', '/v1/articles')],
    [
      'a preflight',
      204,
      () =>
        app
          .request('options', '/v1/tags')
          .set('Origin', 'https://desk.example')
          .set('Access-Control-Request-Method', 'POST'),
    ],
    ['a fault of the query', 400, () => app.request('get', '/v1/latest?x=1')],
    ['a fault of the path', 400, () => app.request('get', '/v1/tags/%FF')],
    ['no token', 401, () => app.request('get', '/v1/auth/me')],
    ['no right', 403, () => app.request('get', '/v1/users').set(...bearer(editor))],
    ['an unknown address', 404, () => app.request('get', '/nothing')],
    ['an unknown method', 405, () => app.request('delete', '/v1/articles')],
    ['an unknown type', 415, () => app.request('post', '/v1/auth/login').type('text').send('x')],
    ['life', 200, () => app.request('get', '/livez')],
    ['metrics', 200, () => app.request('get', '/metrics')],
    ['the document', 200, () => app.request('get', '/openapi.yaml')],
    ['the reference', 200, () => app.request('get', '/docs')],
    ['a file of the reference', 200, () => app.request('get', '/docs/docs.css')],
  ];

  it.each(answers)('%s (%i): browsers guess no type, run nothing, and learn of HTTPS', async (_, status, ask) => {
    const { headers } = await ask().expect(status);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none';/),
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'cross-origin',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    });
    for (const name of ['x-powered-by', 'server', 'set-cookie']) expect(headers[name]).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    if (headers['content-type']) expect(headers['content-type']).toMatch(/; charset=utf-8$/);
    if (status >= 400) expect(headers['cache-control']).toBe('no-store');
  });

  it('says nothing of HTTPS unless it is told to', async () => {
    const plain = await startApp({}, { databaseUrl: app.databaseUrl });
    try {
      const { headers } = await plain.request('get', '/livez').expect(200);
      expect(headers['strict-transport-security']).toBeUndefined();
    } finally {
      await plain.close();
    }
  });

  describe('the id of a request', () => {
    const ask = (id: string) => app.request('get', '/v1/articles/none').set('X-Request-Id', id).expect(404);

    it.each(['desk-42-7f3a', 'a.b:c_d-e', 'x'.repeat(128)])(
      'is the caller’s where that is a plain word: %s',
      async (id) => {
        const { headers, body } = await ask(id);
        expect(headers['x-request-id']).toBe(id);
        expect(body.requestId).toBe(id);
        expect(app.logLines.filter((line) => JSON.parse(line).requestId === id)).toHaveLength(1);
      },
    );

    it.each([
      'short',
      'x'.repeat(129),
      'with space in it',
      '{"json":"inside"}',
      '<script>alert(1)',
      'a,b,c,d,e,f',
      'semi;colon=1',
    ])('is a new one in the place of %j', async (id) => {
      const { headers, body } = await ask(id);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(body.requestId).toBe(headers['x-request-id']);
    });

    it('is another for each request, and stands in the event of a change', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map(async () => (await app.request('get', '/livez')).headers['x-request-id']),
      );
      expect(new Set(ids).size).toBe(3);
      const made = await app
        .request('post', '/v1/tags')
        .set(...bearer(editor))
        .set('X-Request-Id', 'the-call-of-the-desk')
        .send({ name: 'ডাকনাম' })
        .expect(201);
      expect(await app.sql('SELECT request_id FROM events WHERE subject_id = $1', [made.body.id])).toEqual([
        { request_id: 'the-call-of-the-desk' },
      ]);
    });
  });
});
