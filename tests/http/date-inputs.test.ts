import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { badInstants } from '../support/bad-instants.ts';
import { anyMatch } from '../support/conditions.ts';
import { faultsOf } from '../support/problems.ts';
import { rowsOf } from '../support/world.ts';

describe('dates', () => {
  let app: TestApp;
  let editor: Person;
  let article: string;
  const send = (method: 'post' | 'patch', path: string, body: object) =>
    app
      .request(method, path)
      .set(...bearer(editor))
      .set(anyMatch(method, path))
      .send(body);

  beforeAll(async () => {
    app = await startApp();
    editor = await app.person('editor');
    article = (await send('post', '/v1/articles', { title: 'তারিখের খবর' }).expect(201)).body.id;
  });
  afterAll(() => app.close());

  const writes = [
    ['post', () => '/v1/articles', 'publishedAt', { title: 'ক' }],
    ['post', () => '/v1/articles', 'expiresAt', { title: 'ক' }],
    ['patch', () => `/v1/articles/${article}`, 'publishedAt', {}],
    ['patch', () => `/v1/articles/${article}`, 'expiresAt', {}],
    ['post', () => `/v1/articles/${article}/publish`, 'at', {}],
  ] as const;

  it.each(writes)(
    '%s of an article: every odd %3$s is 400 with its pointer, and nothing is recorded',
    async (method, path, key, rest) => {
      const before = await rowsOf(app);
      for (const value of [
        ...badInstants,
        1,
        1.5e300,
        true,
        [],
        {},
        ['2024-01-01T00:00:00Z'],
        { gt: '2024-01-01T00:00:00Z' },
      ]) {
        const answer = await send(method, path(), { ...rest, [key]: value });
        expect([value, answer.status, ...faultsOf(answer)]).toEqual([value, 400, `body /${key}`]);
      }
      expect(await rowsOf(app)).toEqual(before);
    },
  );

  it.each(['publishedFrom', 'publishedTo'])('GET /v1/articles refuses every odd %s', async (key) => {
    for (const value of [
      ...badInstants,
      '2024-02-30',
      '2023-02-29',
      '0000-01-01',
      '1899-12-31',
      '2201-01-01',
      '2024-1-1',
      '2024',
    ]) {
      const answer = await app.request('get', `/v1/articles?${key}=${encodeURIComponent(value)}`);
      expect([value, answer.status, ...faultsOf(answer)]).toEqual([value, 400, `query /${key}`]);
    }
  });

  it('says how to write the + of an offset, and takes it encoded', async () => {
    const raw = await app.request('get', '/v1/articles?publishedFrom=2026-03-01T00:00:00+06:00').expect(400);
    expect(raw.body.errors[0].detail).toContain('%2B');
    await app.request('get', '/v1/articles?publishedFrom=2026-03-01T00:00:00%2B06:00').expect(200);
  });

  it.each([
    '1900-01-01T00:00:00Z',
    '2200-12-31T23:59:59.999Z',
    '2024-02-29T23:59:59-14:00',
    '2024-01-01t00:00:00z',
    '2024-01-01T00:00:00.123456789+06:00',
  ])('takes %s in a filter and in a body, and shows it as the same instant', async (instant) => {
    await app.request('get', `/v1/articles?publishedTo=${encodeURIComponent(instant)}`).expect(200);
    const { body } = await send('patch', `/v1/articles/${article}`, { expiresAt: instant }).expect(200);
    expect(body.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(new Date(body.expiresAt).getTime()).toBe(new Date(instant.toUpperCase()).getTime());
  });

  it('refuses a publication more than five years ahead, as one that cannot be meant', async () => {
    const [row] = await app.sql<{ at: string }>(
      `SELECT to_char((now() + interval '5 years 2 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at`,
    );
    const before = await rowsOf(app);
    const answer = await send('post', `/v1/articles/${article}/publish`, { at: row?.at }).expect(422);
    expect(answer.body.code).toBe('unprocessable');
    expect(await rowsOf(app)).toEqual(before);
  });
});
