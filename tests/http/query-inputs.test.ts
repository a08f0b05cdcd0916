import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { faultsOf } from '../support/problems.ts';

const lists = ['/v1/articles', '/v1/latest', '/v1/tags', '/v1/sources'];
const routes = [...lists, '/v1/articles/none', '/v1/tags/none', '/livez', '/openapi.json'];
const cross = <A, B>(some: readonly A[], others: readonly B[]): [A, B][] =>
  some.flatMap((one) => others.map((other): [A, B] => [one, other]));
const encode = encodeURIComponent;

describe('what a query may hold', () => {
  let app: TestApp;
  const refused = async (target: string) => {
    const answer = await app.request('get', target).expect(400);
    expect(answer.headers['cache-control']).toBe('no-store');
    return faultsOf(answer);
  };

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each(
    cross(routes, [
      ['an unknown key', 'nonsense=1', '/nonsense'],
      ['a key with brackets', 'limit[gt]=1', '/limit[gt]'],
      ['a list key', 'limit[]=1', '/limit[]'],
      ['a key with dots', 'author.email=x', '/author.email'],
      ['another case of a key', 'Limit=1', '/Limit'],
      ['a prototype', '__proto__=x', '/__proto__'],
      ['a constructor', 'constructor=x', '/constructor'],
      ['no key', '=x', '/'],
      ['a cache buster', '_=1', '/_'],
      ['a token', 'access_token=x', '/access_token'],
      ['a second question mark', '?limit=1', '/?limit'],
      ['U+0000 in a key', 'li%00mit=1', '/li\u0000mit'],
      ['a slash in a key', 'a%2Fb=1', '/a~1b'],
    ] as const),
  )('%s refuses %j and points at it', async (route, [_, query, pointer]) => {
    expect(await refused(`${route}?${query}`)).toEqual([`query ${pointer}`]);
  });

  it.each(cross(routes, ['limit=1&limit=1', 'limit=', 'limit', 'limit=%20']))(
    '%s refuses the repeated or empty value in %s',
    async (route, query) => {
      expect(await refused(`${route}?${query}`)).toEqual(['query /limit']);
    },
  );

  it.each(
    cross(routes, ['%', '%FF', '%E0%A4%A', '%ED%A0%80', '%C0%80', '%zz', 'limit=%', 'limit=%FF', 'tag=%E0%A4%A']),
  )('%s refuses the broken encoding %s', async (route, query) => {
    expect(await refused(`${route}?${query}`)).toEqual(['query ']);
  });

  it.each(
    cross(lists, [
      '5 ',
      ' 5',
      '0x10',
      '1e1',
      '1e309',
      '9007199254740993',
      '2147483647',
      '99999999999999999999',
      '-1',
      '0',
      '101',
      '1.0',
      '+5',
      '5,6',
      'NaN',
      'Infinity',
      'null',
      'true',
      '123abc',
      '٣',
      '১০',
      '５',
      '1\u0000',
      '\u200B5',
    ]),
  )('%s refuses %j as a limit', async (route, limit) => {
    expect(await refused(`${route}?limit=${encode(limit)}`)).toEqual(['query /limit']);
  });

  it.each(lists)('%s takes the bounds of a limit', async (route) => {
    for (const limit of [1, 100]) await app.request('get', `${route}?limit=${limit}`).expect(200);
  });

  it.each(cross(lists, ['x', '\u0000', '{"id":1}', 'eyJpZCI6MX0', '%', 'a'.repeat(4_001), '../..', "' OR 1=1--", 'ক']))(
    '%s refuses %j as a cursor',
    async (route, cursor) => {
      expect(await refused(`${route}?after=${encode(cursor)}`)).toEqual(['query /after']);
    },
  );

  const id = newId();
  it.each(
    cross(
      [
        ['/v1/articles', 'ids'],
        ['/v1/latest', 'exclude'],
      ] as const,
      [
        id.toUpperCase(),
        `{${id}}`,
        id.replaceAll('-', ''),
        `urn:uuid:${id}`,
        `${id} `,
        `${id},`,
        `,${id}`,
        `${id},,${id}`,
        id.slice(1),
        '1',
        'null',
        `${id}\u0000`,
        "'; DROP TABLE articles--",
      ],
    ),
  )('%j refuses the id %j', async ([route, key], value) => {
    expect(await refused(`${route}?${key}=${encode(value)}`)).toEqual([`query /${key}`]);
  });

  it.each(
    cross(
      [
        ['/v1/articles', 'tag'],
        ['/v1/articles', 'source'],
        ['/v1/latest', 'tag'],
        ['/v1/latest', 'source'],
      ] as const,
      [
        '\u0000',
        'a\u0000b',
        '!!!',
        ',',
        'a,',
        ' ',
        '\u200B',
        'latest',
        'ক'.repeat(321),
        `ক${'\u0301'.repeat(9)}`,
        'a\u{E0041}',
      ],
    ),
  )('%j refuses the reference %j', async ([route, key], value) => {
    expect(await refused(`${route}?${key}=${encode(value)}`)).toEqual([`query /${key}`]);
  });

  it.each(
    cross(
      ['/v1/articles', '/v1/latest'],
      ['bn_BD', 'bn-', 'b', 'bengali', 'bn BD', '*', 'bn\u0000', 'বাংলা', 'a'.repeat(36)],
    ),
  )('%s refuses the language %j', async (route, value) => {
    expect(await refused(`${route}?language=${encode(value)}`)).toEqual(['query /language']);
  });

  it.each([
    ['status', 'draft,nonsense'],
    ['status', 'PUBLISHED'],
    ['sort', 'id'],
    ['sort', 'publishedAt,title'],
    ['sort', '--title'],
    ['sort', '+title'],
    ['sort', 'title;'],
    ['sort', 'updatedAt'],
    ['fields', 'passwordHash'],
    ['fields', 'createdBy'],
    ['fields', 'title,'],
    ['fields', '*'],
  ])('/v1/articles refuses %s=%s of a caller without a token', async (key, value) => {
    expect(await refused(`/v1/articles?${key}=${encode(value)}`)).toEqual([`query /${key}`]);
  });

  it('names every fault at once', async () => {
    expect(await refused('/v1/articles?limit=0&tag=!&language=x_y&sort=id&nonsense=1')).toEqual(
      expect.arrayContaining(['query /limit', 'query /tag', 'query /language', 'query /sort', 'query /nonsense']),
    );
  });

  it('names a hundred faults at most, and a long key in short', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => `k${index}=1`).join('&');
    expect(await refused(`/v1/latest?${keys}`)).toHaveLength(100);
    const long = await app.request('get', `/v1/latest?${'k'.repeat(8_000)}=1`).expect(400);
    expect(long.text.length).toBeLessThan(1_000);
  });

  it.each([
    ['/v1/articles', 'ids', 101],
    ['/v1/articles', 'ids', 400],
    ['/v1/latest', 'exclude', 101],
    ['/v1/latest', 'exclude', 300],
  ])('%s?%s= with %i ids names the limit, which the document names too (C11)', async (route, key, count) => {
    const ids = Array.from({ length: count }, newId).join(',');
    const began = performance.now();
    const answer = await app.request('get', `${route}?${key}=${ids}`).expect(400);
    expect(performance.now() - began).toBeLessThan(500);
    expect(faultsOf(answer)).toEqual([`query /${key}`]);
    expect(answer.body.errors[0].detail).toContain('100');
    const { body: document } = await app.request('get', '/openapi.json').expect(200);
    const said = document.paths[route].get.parameters.find((parameter: { name?: string }) => parameter.name === key);
    expect(JSON.stringify(said)).toContain('100');
  });

  it('takes a hundred ids, and counts a repeat once', async () => {
    const ids = Array.from({ length: 100 }, newId);
    await app.request('get', `/v1/articles?ids=${ids.join(',')},${ids[0]}`).expect(200);
    await app.request('get', `/v1/latest?exclude=${ids.join(',')},${ids[0]}`).expect(200);
  });

  it('ignores empty parts between two ampersands, and takes a + for a space', async () => {
    await app.request('get', '/v1/latest?&limit=1&').expect(200);
    await app.request('get', '/v1/latest?tag=নদী+ও+চর').expect(200);
  });
});
