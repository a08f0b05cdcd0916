import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { openRaw } from '../support/raw-http.ts';
import { rowsOf } from '../support/world.ts';

const mebibyte = 1_048_576;
const chunk = Buffer.alloc(65_536, 'a');

describe('an answer while the body is still on its way', () => {
  let app: TestApp;
  let editor: Person;
  let before: Record<string, string>;
  const headers = (signedIn: boolean) => ({
    'Content-Type': 'application/json',
    ...(signedIn ? Object.fromEntries([bearer(editor)]) : {}),
  });
  const head = (signedIn: boolean, ...more: string[]) =>
    `${['POST /v1/articles HTTP/1.1', 'Host: x', ...Object.entries(headers(signedIn)).map((pair) => pair.join(': ')), ...more].join('\r\n')}\r\n\r\n`;
  const checkNext = async () => {
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
    expect(await rowsOf(app)).toEqual(before);
  };

  beforeAll(async () => {
    app = await startApp();
    editor = await app.person('editor');
    before = await rowsOf(app);
  });
  afterAll(() => app.close());

  it.each([
    ['413', true],
    ['401', false],
  ])('reaches fetch, which has 5 MB to send: %s', async (status, signedIn) => {
    const answer = await fetch(`${app.url}/v1/articles`, {
      method: 'POST',
      headers: headers(signedIn),
      body: 'a'.repeat(5_000_000),
    });
    expect(answer.status).toBe(Number(status));
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = await answer.json();
    if (signedIn) expect(problem).toMatchObject({ code: 'too-large', bytesMax: mebibyte });
    await checkNext();
  });

  it.each([
    ['413', true],
    ['401', false],
  ])('reaches a client that writes chunks without end: %s', async (status, signedIn) => {
    let sent = 0;
    const answered = await new Promise<{ status: number | undefined; sent: number }>((resolve, reject) => {
      const req = httpRequest(`${app.url}/v1/articles`, { method: 'POST', headers: headers(signedIn) }, (res) => {
        resolve({ status: res.statusCode, sent });
        res.resume();
        req.destroy();
      });
      req.on('error', reject);
      const write = () => {
        sent += chunk.length;
        if (req.write(chunk)) setImmediate(write);
        else req.once('drain', write);
      };
      write();
    });
    expect(answered.status).toBe(Number(status));
    expect(answered.sent).toBeLessThan(20 * mebibyte);
    await checkNext();
  });

  it.each([
    ['that announced its length', '413', true, `Content-Length: ${3 * mebibyte}`],
    ['without a token', '401', false, `Content-Length: ${3 * mebibyte}`],
    ['that sends chunks', '413', true, 'Transfer-Encoding: chunked'],
  ])('is kept for a client %s, writes everything and only then reads: %s', async (_, status, signedIn, framing) => {
    const connection = await openRaw(app.url);
    connection.send(head(signedIn, framing));
    const framed = framing.startsWith('T')
      ? Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')])
      : chunk;
    for (let sent = 0; sent < 3 * mebibyte; sent += chunk.length) {
      connection.send(framed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answer = await connection.answer();
    expect(answer.status).toBe(Number(status));
    expect(answer.headers.connection).toBe('close');
    expect(await connection.closed()).toBe('');
    connection.destroy();
    await checkNext();
  });

  it('is the last of its connection: what follows the body is not carried out', async () => {
    const connection = await openRaw(app.url);
    connection.send(head(false, 'Content-Length: 100'));
    expect((await connection.answer()).status).toBe(401);
    const body = JSON.stringify({ title: 'শেষ কথার পরে' });
    connection.send('a'.repeat(100));
    connection.send(`${head(true, `Content-Length: ${Buffer.byteLength(body)}`)}${body}`);
    expect(await connection.closed()).toBe('');
    connection.destroy();
    await checkNext();
  });

  it('takes a body of 1 MiB and refuses one of a byte more, by length and by chunks', async () => {
    const filler = JSON.stringify({ title: 'ক', padding: '' }).length + 2;
    const bodyOf = (size: number) => JSON.stringify({ title: 'ক', padding: 'a'.repeat(size - filler) });
    for (const [size, status] of [
      [mebibyte, 400],
      [mebibyte + 1, 413],
    ] as const) {
      const body = bodyOf(size);
      expect(Buffer.byteLength(body)).toBe(size);
      const whole = { method: 'POST', headers: headers(true), body };
      expect((await fetch(`${app.url}/v1/articles`, whole)).status).toBe(status);
      const streamed = { ...whole, body: new Blob([body]).stream(), duplex: 'half' } as const;
      expect((await fetch(`${app.url}/v1/articles`, streamed)).status).toBe(status);
    }
    await checkNext();
  });

  describe('with Expect', () => {
    const began = () => performance.now();

    it.each([
      ['401 without a token', '401', false, 'Content-Length: 20'],
      ['413 to 5 MB that are announced', '413', true, 'Content-Length: 5000000'],
      ['415 to a type that is not read', '415', true, 'Content-Length: 20\r\nContent-Encoding: gzip'],
    ])('answers %s within a second, before the body, and closes', async (_, status, signedIn, length) => {
      const at = began();
      const connection = await openRaw(app.url);
      connection.send(head(signedIn, length, 'Expect: 100-continue'));
      const answer = await connection.answer();
      expect(answer.status).toBe(Number(status));
      expect(answer.headers.connection).toBe('close');
      expect(await connection.closed()).toBe('');
      expect(began() - at).toBeLessThan(1_000);
      connection.destroy();
      await checkNext();
    });

    it('says 100 to a good request, then 201, and goes on with the connection', async () => {
      const connection = await openRaw(app.url);
      const body = JSON.stringify({ title: 'অপেক্ষার পরে' });
      connection.send(head(true, `Content-Length: ${Buffer.byteLength(body)}`, 'Expect: 100-continue'));
      expect((await connection.answer()).status).toBe(100);
      connection.send(body);
      expect((await connection.answer()).status).toBe(201);
      connection.send('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      expect((await connection.answer()).status).toBe(200);
      connection.destroy();
      before = await rowsOf(app);
    });

    it('sends no 100 to who speaks HTTP/1.0, to whom it would be the answer', async () => {
      const connection = await openRaw(app.url);
      const body = JSON.stringify({ title: 'পুরোনো যন্ত্র' });
      const request = head(true, `Content-Length: ${Buffer.byteLength(body)}`, 'Expect: 100-continue');
      connection.send(`${request.replace('HTTP/1.1', 'HTTP/1.0')}${body}`);
      expect((await connection.answer()).status).toBe(201);
      connection.destroy();
      before = await rowsOf(app);
    });

    it('answers 417 to any other expectation', async () => {
      const connection = await openRaw(app.url);
      connection.send(head(true, 'Content-Length: 2', 'Expect: bogus'));
      const answer = await connection.answer();
      expect(answer.status).toBe(417);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        connection: 'close',
      });
      expect(JSON.parse(answer.body)).toMatchObject({ status: 417, code: 'expectation-failed' });
      connection.destroy();
      await checkNext();
    });
  });
});
