import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { preferredEncoding } from '../../src/http/encodings.ts';
import { bearer } from '../support/app.ts';
import { keepAnswers } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

let room: Newsroom;
let stop: () => Promise<void>;
let path = '';
beforeAll(async () => {
  room = await openNewsroom();
  const body = `<p>${'নদীর পানি বাড়ছে, চরের মানুষ উঁচু জায়গায় যাচ্ছে। '.repeat(60)}</p>`;
  path = pathOf((await room.story({ status: 'published', body })).id);
  stop = await keepAnswers(room.app);
});
afterAll(async () => {
  await stop();
  await room.close();
});

type Raw = { status: number; headers: Record<string, string | undefined>; bytes: Buffer };

/** The bytes of an answer as they were sent. */
const raw = (headers: Record<string, string>, method = 'GET', of = path) =>
  new Promise<Raw>((resolve, reject) => {
    const call = request(`${room.app.url}${of}`, { method, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: { ...Object(res.headers) }, bytes: Buffer.concat(parts) }),
      );
    });
    call.on('error', reject);
    call.end();
  });

/** Asks until the answer comes in this encoding. */
const encodedAs = (encoding: string, accepted = encoding) =>
  eventually(async () => {
    const answer = await raw({ 'Accept-Encoding': accepted });
    expect(answer.headers['content-encoding']).toBe(encoding);
    return answer;
  });

const decode = { br: brotliDecompressSync, gzip: gunzipSync } as const;
const endings = { br: '-br', gzip: '-gz' } as const;

describe.each(['br', 'gzip'] as const)('an answer as %s', (encoding) => {
  it('has the bytes of the plain one, a length and a tag of its own, and HEAD the same headers', async () => {
    const plain = await raw({});
    const answer = await encodedAs(encoding);
    expect(decode[encoding](answer.bytes).equals(plain.bytes)).toBe(true);
    expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 4);
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(answer.headers.etag).toBe(`${plain.headers.etag?.slice(0, -1)}${endings[encoding]}"`);
    const head = await raw({ 'Accept-Encoding': encoding }, 'HEAD');
    expect(head.bytes).toHaveLength(0);
    for (const name of ['etag', 'content-length', 'content-encoding', 'content-type'])
      expect(head.headers[name]).toBe(answer.headers[name]);
  });

  it('is 304 for its own tag and for no other', async () => {
    const { headers } = await encodedAs(encoding);
    const plain = await raw({});
    const same = await raw({ 'Accept-Encoding': encoding, 'If-None-Match': `${headers.etag}` });
    expect(same).toMatchObject({ status: 304, headers: { etag: headers.etag, vary: headers.vary } });
    expect(same.headers).not.toHaveProperty('content-encoding');
    expect((await raw({ 'Accept-Encoding': encoding, 'If-None-Match': `"x", ${headers.etag}` })).status).toBe(304);
    expect((await raw({ 'Accept-Encoding': encoding, 'If-None-Match': `${plain.headers.etag}` })).status).toBe(200);
    expect((await raw({ 'If-None-Match': `${headers.etag}` })).status).toBe(200);
  });

  it('is 304 for its own tag also where it must be made anew, and 412 before that', async () => {
    const { headers } = await encodedAs(encoding);
    room.app.deps.cache?.forgetAll();
    const conditions = { 'Accept-Encoding': encoding, 'If-None-Match': `${headers.etag}` };
    expect(await raw(conditions)).toMatchObject({ status: 304, headers: { etag: headers.etag } });
    room.app.deps.cache?.forgetAll();
    const any = await raw({ 'Accept-Encoding': encoding, 'If-None-Match': '*' });
    expect(any).toMatchObject({ status: 304, headers: { etag: expect.not.stringContaining(endings[encoding]) } });
    expect((await raw({ ...conditions, 'If-Match': '"77"' })).status).toBe(412);
    expect((await raw({ ...conditions, 'If-Match': `${headers.etag}` })).status).toBe(304);
  });

  it('says in plain words and headers what is wrong with a condition', async () => {
    await encodedAs(encoding);
    const answer = await raw({ 'Accept-Encoding': encoding, 'If-None-Match': '3' });
    expect(answer.status).toBe(400);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code: 'invalid-input' });
  });

  it('has a tag that serves for the next write', async () => {
    const { headers } = await encodedAs(encoding);
    await room
      .patch(decodeURIComponent(path.split('/').at(-1) ?? ''), { kicker: encoding }, { match: `${headers.etag}` })
      .expect(200);
  });
});

it('a list too has a tag that If-Match knows in every encoding', async () => {
  const list = `/v1/articles?fields=body&limit=1`;
  await eventually(async () =>
    expect((await raw({ 'Accept-Encoding': 'br' }, 'GET', list)).headers['content-encoding']).toBe('br'),
  );
  const { headers } = await raw({ 'Accept-Encoding': 'br' }, 'GET', list);
  for (const accepted of ['br', 'identity'])
    expect((await raw({ 'Accept-Encoding': accepted, 'If-Match': `${headers.etag}` }, 'GET', list)).status).toBe(200);
  expect((await raw({ 'If-Match': '"other-br"' }, 'GET', list)).status).toBe(412);
});

it('says of every answer of such a route that it varies by encoding', async () => {
  const editor = Object.fromEntries([bearer(room.people.editor)]);
  const answers = [
    await raw({}),
    await raw(editor),
    await raw({ Authorization: 'Bearer nonsense' }),
    await raw({}, 'GET', '/v1/articles/not-there'),
    await raw({}, 'GET', '/v1/latest?limit=0'),
    await raw({ 'If-None-Match': '*' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 404, 400, 304]);
  for (const { headers } of answers) expect(headers.vary).toBe('Authorization, Origin, Accept-Encoding');
  expect((await raw({}, 'GET', '/livez')).headers.vary).toBe('Authorization, Origin');
});

it('never encodes what is for a token, what is short, or what is kept by nobody', async () => {
  const accepted = { 'Accept-Encoding': 'br, gzip' };
  const editor = Object.fromEntries([bearer(room.people.editor)]);
  for (const _ of [1, 2, 3]) {
    expect((await raw({ ...accepted, ...editor })).headers).not.toHaveProperty('content-encoding');
    expect((await raw(accepted, 'GET', '/v1/tags')).headers).not.toHaveProperty('content-encoding');
    expect(
      (await raw(accepted, 'GET', '/v1/articles?fields=body&publishedFrom=2020-01-01')).headers,
    ).not.toHaveProperty('content-encoding');
  }
});

it.each([
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip;q=1.0, br;q=0.8', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['*', 'br'],
  ['identity, gzip;q=0.5', null],
  ['gzip;q=0', null],
  ['identity;q=0', null],
  ['deflate', null],
  ['', null],
  ['br;q=2', null],
  [';;,,=', null],
])('prefers of %p the encoding %p, and is never without an answer', async (header, encoding) => {
  expect(preferredEncoding(header)).toBe(encoding);
  expect((await raw({ 'Accept-Encoding': header })).status).toBe(200);
});
