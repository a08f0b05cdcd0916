import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { openRaw, type RawAnswer, type RawConnection } from '../support/raw-http.ts';

const described = ['etag', 'cache-control', 'vary', 'x-request-id', 'x-content-type-options'];
const pick = (headers: RawAnswer['headers'], names: string[]) => names.map((name) => headers[name]);

describe('one connection for one answer after another', () => {
  let app: TestApp;
  let connection: RawConnection;
  let article: string;

  const ask = (method: string, target: string, ...headers: string[]): Promise<RawAnswer> => {
    const lines = [
      `${method} ${target} HTTP/1.1`,
      'Host: news.example',
      'X-Request-Id: the-same-each-time',
      ...headers,
    ];
    connection.send(`${lines.join('\r\n')}\r\n\r\n`);
    return connection.answer({ bare: method === 'HEAD' });
  };

  beforeAll(async () => {
    app = await startApp();
    const made = await app
      .request('post', '/v1/articles')
      .set(...bearer(await app.person('editor')))
      .send({ title: 'এক সংযোগে সব কথা', status: 'published' })
      .expect(201);
    article = `/v1/articles/${encodeURIComponent(made.body.slug)}`;
    connection = await openRaw(app.url);
  });
  afterAll(async () => {
    connection.destroy();
    await app.close();
  });

  it.each([
    ['an article', () => article],
    ['the latest list', () => '/v1/latest'],
    ['a list of articles', () => '/v1/articles?limit=5'],
    ['the document', () => '/openapi.json'],
  ])('gives %s by GET, conditional GET, HEAD and conditional HEAD, each whole', async (_, target) => {
    const whole = await ask('GET', target());
    expect(whole.status).toBe(200);
    expect(JSON.parse(whole.body)).toEqual(expect.any(Object));
    const { etag = '' } = whole.headers;
    const length = String(Buffer.byteLength(whole.body));
    expect(whole.headers['content-length']).toBe(length);

    const unchanged = await ask('GET', target(), `If-None-Match: ${etag}`);
    const bare = await ask('HEAD', target());
    const unchangedBare = await ask('HEAD', target(), `If-None-Match: ${etag}`);
    for (const answer of [unchanged, unchangedBare]) {
      expect(answer.status).toBe(304);
      expect(pick(answer.headers, described)).toEqual(pick(whole.headers, described));
      expect([undefined, length]).toContain(answer.headers['content-length']);
      expect(answer.headers['transfer-encoding']).toBeUndefined();
    }
    expect(bare.status).toBe(200);
    const { date: _bareDate, ...bareHeaders } = bare.headers;
    const { date: _wholeDate, ...wholeHeaders } = whole.headers;
    expect(bareHeaders).toEqual(wholeHeaders);
    for (const name of described) expect(whole.headers[name]).toBeTruthy();

    const again = await ask('GET', target());
    expect(again.body).toBe(whole.body);
    expect(again.headers.connection).toBe('keep-alive');
  });

  it('goes on after a problem, with and without a body', async () => {
    const missing = await ask('GET', '/v1/articles/none');
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.body).code).toBe('not-found');
    const bare = await ask('HEAD', '/v1/articles/none');
    expect(bare.status).toBe(404);
    expect(bare.headers['content-length']).toBe(missing.headers['content-length']);
    expect((await ask('OPTIONS', article)).status).toBe(204);
    expect((await ask('DELETE', article)).status).toBe(401);
    expect((await ask('GET', '/livez')).body).toBe('{"status":"ok"}');
  });
});
