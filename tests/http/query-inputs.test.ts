import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { outside } from '../support/outside.ts';
import { faultsOf } from '../support/problems.ts';

const { newId } = outside;

const lists = ['/v1/articles', '/v1/latest', '/v1/tags', '/v1/sources'];
const routes = [...lists, '/v1/articles/none', '/v1/tags/none', '/livez', '/openapi.json'];
const encode = encodeURIComponent;

describe('what a query may hold', () => {
  let app: TestApp;
  const refused = async (target: string) => {
    const answer = await app.request('get', target).expect(400);
    expect(answer.headers['cache-control']).toBe('no-store');
    return faultsOf(answer);
  };
  /** Every one of these routes refuses the query, and points there. */
  const refusedBy = async (paths: readonly string[], query: string, fault: string) => {
    for (const path of paths) expect([path, ...(await refused(`${path}?${query}`))]).toEqual([path, fault]);
  };

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each([
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
  ])('every route refuses %s (%s) and points at it', async (_, query, pointer) => {
    await refusedBy(routes, query, `query ${pointer}`);
  });

  it.each(['limit=1&limit=1', 'limit=', 'limit', 'limit=%20'])(
    'every route refuses the repeated or empty value in %s',
    async (query) => {
      await refusedBy(routes, query, 'query /limit');
    },
  );

  it.each(['%', '%FF', '%E0%A4%A', '%ED%A0%80', '%C0%80', '%zz', 'limit=%', 'limit=%FF', 'tag=%E0%A4%A'])(
    'every route refuses the broken encoding %s',
    async (query) => {
      await refusedBy(routes, query, 'query ');
    },
  );

  it.each([
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
  ])('every list refuses %j as a limit', async (limit) => {
    await refusedBy(lists, `limit=${encode(limit)}`, 'query /limit');
  });

  it.each(lists)('%s takes the bounds of a limit', async (route) => {
    for (const limit of [1, 100]) await app.request('get', `${route}?limit=${limit}`).expect(200);
  });

  it.each(['x', '\u0000', '{"id":1}', 'eyJpZCI6MX0', '%', 'a'.repeat(4_001), '../..', "' OR 1=1--", 'ক'])(
    'every list refuses %j as a cursor',
    async (cursor) => {
      await refusedBy(lists, `after=${encode(cursor)}`, 'query /after');
    },
  );

  const id = newId();
  it.each([
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
  ])('is no id, in ids and exclude: %j', async (value) => {
    await refusedBy(['/v1/articles'], `ids=${encode(value)}`, 'query /ids');
    await refusedBy(['/v1/latest'], `exclude=${encode(value)}`, 'query /exclude');
  });

  it.each([
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
  ])('is no reference to a tag or source: %j', async (value) => {
    for (const key of ['tag', 'source'])
      await refusedBy(['/v1/articles', '/v1/latest'], `${key}=${encode(value)}`, `query /${key}`);
  });

  it.each(['bn_BD', 'bn-', 'b', 'bengali', 'bn BD', '*', 'bn\u0000', 'বাংলা', 'a'.repeat(36)])(
    'is no language: %j',
    async (value) => {
      await refusedBy(['/v1/articles', '/v1/latest'], `language=${encode(value)}`, 'query /language');
    },
  );

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
  ])('%s?%s= with %i ids names the limit, which the document names too', async (route, key, count) => {
    const ids = Array.from({ length: count }, newId).join(',');
    const began = cpuMs();
    const answer = await app.request('get', `${route}?${key}=${ids}`).expect(400);
    expect(cpuMs() - began).toBeLessThan(500);
    expect(faultsOf(answer)).toEqual([`query /${key}`]);
    expect(answer.body.errors[0].detail).toContain('100');
    const { body: document } = await app.request('get', '/openapi.json').expect(200);
    type Parameter = { name?: string; $ref?: string };
    const meant = ({ $ref, ...own }: Parameter): Parameter =>
      $ref === undefined ? own : document.components.parameters[$ref.split('/').at(-1) ?? ''];
    const said = document.paths[route].get.parameters.map(meant).find(({ name }: Parameter) => name === key);
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
