import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { openRaw, type RawAnswer } from '../support/raw-http.ts';

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const logout = (headers: string[], body: string) =>
  `${head('POST /v1/auth/logout HTTP/1.1', 'Host: x', ...headers)}${body}`;
const json = 'Content-Type: application/json';
const chunked = 'Transfer-Encoding: chunked';
const get = (...headers: string[]) => head('GET /livez HTTP/1.1', 'Host: x', ...headers);
const emptyChunks = '0\r\n\r\n';

/** What ends the connection: the name, the bytes, the status. */
const refused: [string, string | Buffer, number][] = [
  ['a line that is no request', 'hello\r\n\r\n', 400],
  ['a request of HTTP/0.9', 'GET /livez\r\n\r\n', 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a version that there is not', head('GET /livez HTTP/3.7', 'Host: x'), 400],
  ['the first bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400],
  ['a method in small letters', head('get /livez HTTP/1.1', 'Host: x'), 400],
  ['a method that nobody knows', head('BREW /livez HTTP/1.1', 'Host: x'), 400],
  ['no Host', head('GET /livez HTTP/1.1'), 400],
  ['two Hosts', get('Host: y'), 400],
  ['a Host that is two', head('GET /livez HTTP/1.1', 'Host: a,b'), 400],
  ['a Host with NUL, encoded', head('GET /livez HTTP/1.1', 'Host: a%00'), 400],
  ['a Host with a port that there is not', head('GET /livez HTTP/1.1', 'Host: x:99999'), 400],
  ['a Host of half an address', head('GET /livez HTTP/1.1', 'Host: [::1'), 400],
  ['a Host with a path', head('GET /livez HTTP/1.1', 'Host: x/y@z'), 400],
  ['lines that end in LF alone', 'GET /livez HTTP/1.1\nHost: x\n\n', 400],
  ['a header that ends in CR alone', 'GET /livez HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n', 400],
  ['a folded header', get('X-A: b', ' c'), 400],
  ['NUL in a value', get('X-A: b\0c'), 400],
  ['NUL in a name', get('X\0A: b'), 400],
  ['a space in a name', get('X A: b'), 400],
  ['NUL in the address', head('GET /livez\0 HTTP/1.1', 'Host: x'), 400],
  ['a space in the address', head('GET /li vez HTTP/1.1', 'Host: x'), 400],
  ['a fragment in the address', head('GET /v1/latest#x HTTP/1.1', 'Host: x'), 400],
  ['a backslash in the path', head('GET /v1\\latest HTTP/1.1', 'Host: x'), 400],
  ['Content-Length beside chunks', logout(['Content-Length: 5', chunked], emptyChunks), 400],
  ['chunks that are not named last', logout(['Transfer-Encoding: chunked, identity'], emptyChunks), 400],
  [
    'chunks beside another coding',
    logout(['Transfer-Encoding: gzip, chunked', json], `2\r\n{}\r\n${emptyChunks}`),
    400,
  ],
  ['an unknown transfer coding', logout(['Transfer-Encoding: xchunked'], emptyChunks), 400],
  ['two transfer codings', logout([chunked, 'Transfer-Encoding: identity'], emptyChunks), 400],
  ['a space before the colon', logout(['Transfer-Encoding : chunked'], emptyChunks), 400],
  ['a control before the coding', logout(['Transfer-Encoding: \x0bchunked'], emptyChunks), 400],
  ['two lengths', logout(['Content-Length: 2', 'Content-Length: 3'], '{}'), 400],
  ['a list of lengths', logout(['Content-Length: 2, 2'], '{}'), 400],
  ['a length with a sign', logout(['Content-Length: +2'], '{}'), 400],
  ['a length below nothing', logout(['Content-Length: -1'], '{}'), 400],
  ['a length in hex', logout(['Content-Length: 0x2'], '{}'), 400],
  ['a length beyond all numbers', logout(['Content-Length: 99999999999999999999999'], '{}'), 400],
  ['a chunk size that is none', logout([chunked, json], 'zz\r\n{}\r\n0\r\n\r\n'), 400],
  ['chunks that end in LF alone', logout([chunked, json], '2\n{}\n0\n\n'), 400],
  ['endless chunk extensions', logout([chunked, json], `2;${'a'.repeat(20_000)}\r\n{}\r\n`), 413],
  ['a header of 16 KiB', get(`X-A: ${'a'.repeat(16_384)}`), 431],
  ['a tunnel', head('CONNECT news.example:443 HTTP/1.1', 'Host: news.example'), 405],
  ['an address of 100 KB', head(`GET /livez?${'a'.repeat(100_000)} HTTP/1.1`, 'Host: x'), 431],
];

/** What is odd and served. */
const served: [string, string, number][] = [
  ['HTTP/1.0 without a Host', head('GET /livez HTTP/1.0'), 200],
  ['an empty Host', head('GET /livez HTTP/1.1', 'Host:'), 200],
  ['an empty line before the request', `\r\n${get()}`, 200],
  ['200 headers', get(...Array.from({ length: 200 }, (_, index) => `X-${index}: ${index}`)), 200],
  ['an absolute address', head('GET http://other.example/livez HTTP/1.1', 'Host: x'), 200],
  ['an upgrade that is not offered', get('Connection: Upgrade', 'Upgrade: websocket'), 200],
  ['a GET with a body', `${get('Content-Length: 2')}{}`, 200],
  ['an asterisk', head('OPTIONS * HTTP/1.1', 'Host: x'), 404],
  ['TRACE', head('TRACE /livez HTTP/1.1', 'Host: x'), 405],
];

describe('bytes on a socket', () => {
  let app: TestApp;

  /** The first answer to some bytes, and whether the server then closed although the client did not. */
  const exchange = async (bytes: string | Buffer, closes: boolean): Promise<RawAnswer> => {
    const connection = await openRaw(app.url);
    try {
      connection.send(bytes);
      const answer = await connection.answer();
      if (closes) expect(await connection.closed()).toBe('');
      return answer;
    } finally {
      connection.destroy();
    }
  };
  const checkNext = async () => expect((await exchange(get(), false)).status).toBe(200);

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each([
    ['#', '/v1/latest#x', 'Leave out # and what follows, or write # as %23 where it belongs to the address.'],
    ['a backslash', '/v1\\latest', 'Write \\ in the path as %5C.'],
  ])('says what to do about %s in the address', async (_, target, detail) => {
    const { body } = await exchange(head(`GET ${target} HTTP/1.1`, 'Host: x'), true);
    expect(JSON.parse(body)).toMatchObject({ code: 'malformed-request', detail });
  });

  it.each(refused)('refuses %s as a problem and closes; the next connection is fine', async (_, bytes, status) => {
    const answer = await exchange(bytes, true);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      connection: 'close',
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const problem = JSON.parse(answer.body);
    expect(problem).toMatchObject({ status, requestId: answer.headers['x-request-id'] });
    expect(problem.detail).toMatch(/^[A-Z].*\.$/);
    await checkNext();
  });

  it.each(served)('serves %s', async (_, bytes, status) => {
    expect((await exchange(bytes, false)).status).toBe(status);
    await checkNext();
  });

  it('refuses CONNECT with the methods that there are, in its turn behind what was asked before', async () => {
    const connection = await openRaw(app.url);
    connection.send(`${get()}${head('CONNECT other.example:443 HTTP/1.1', 'Host: other.example:443')}`);
    expect((await connection.answer()).status).toBe(200);
    const { status, headers } = await connection.answer();
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS']);
    expect(await connection.closed()).toBe('');
    connection.destroy();
    await checkNext();
  });

  it.each([
    ['path', '/v1/articles/কৃষি'],
    ['query', '/v1/latest?tag=কৃষি'],
  ])('says of raw Bangla in the %s that it is to be percent-encoded', async (_, target) => {
    const answer = await exchange(Buffer.from(head(`GET ${target} HTTP/1.1`, 'Host: x')), true);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).detail).toContain('Percent-encode');
  });

  it('answers pipelined requests in their order', async () => {
    const connection = await openRaw(app.url);
    const asked = ['/v1/latest?limit=1', '/livez', '/v1/tags/none', '/v1/sources'];
    connection.send(asked.map((target) => head(`GET ${target} HTTP/1.1`, 'Host: x')).join(''));
    const bodies: string[] = [];
    for (const _ of asked) bodies.push((await connection.answer()).body);
    expect(bodies[0]).toContain('"data"');
    expect(bodies[1]).toBe('{"status":"ok"}');
    expect(bodies[2]).toContain('"not-found"');
    expect(bodies[3]).toContain('"data"');
    connection.destroy();
  });

  it('lets a request that is being answered end before it refuses what follows it', async () => {
    const editor = await app.person('editor');
    const body = JSON.stringify({ name: 'Pipelined' });
    const connection = await openRaw(app.url);
    const [name, value] = bearer(editor);
    const post = head('POST /v1/tags HTTP/1.1', 'Host: x', `${name}: ${value}`, json, `Content-Length: ${body.length}`);
    connection.send(`${post}${body}smuggled\r\n\r\n`);
    expect((await connection.answer()).status).toBe(201);
    expect((await connection.answer()).status).toBe(400);
    expect(await connection.closed()).toBe('');
    connection.destroy();
    await checkNext();
  });

  it('answers a client that has closed its own side', async () => {
    const connection = await openRaw(app.url);
    connection.send(get());
    connection.finish();
    expect((await connection.answer()).status).toBe(200);
    expect(await connection.closed()).toBe('');
  });

  it('refuses a body that ends before its length', async () => {
    const connection = await openRaw(app.url);
    connection.send(logout([json, 'Content-Length: 10'], '{}'));
    connection.finish();
    expect((await connection.answer()).status).toBe(400);
    expect(await connection.closed()).toBe('');
    await checkNext();
  });

  it('goes on when a client leaves in the middle of a body', async () => {
    const connection = await openRaw(app.url);
    connection.send(logout([json, 'Content-Length: 10'], '{}'));
    connection.destroy();
    await checkNext();
  });

  it.each([
    ['two types', [json, 'Content-Type: text/plain']],
    ['one type twice', [json, json]],
    ['two charsets', [`${json}; charset=utf-8; charset=utf-16`]],
    ['a charset behind spaces', [`${json}; charset = utf-16`]],
  ])('takes no body of %s, which others read in another way', async (_, types) => {
    const answer = await exchange(logout([...types, 'Content-Length: 2'], '{}'), false);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([415, 'unsupported-media-type']);
    await checkNext();
  });

  it('loses no header, however many there are', async () => {
    const editor = await app.person('editor');
    const many = Array.from({ length: 2_500 }, () => 'a:');
    const answer = await exchange(
      head('GET /v1/auth/me HTTP/1.1', 'Host: x', ...many, bearer(editor).join(': ')),
      false,
    );
    expect(answer.status).toBe(200);
  });
});
