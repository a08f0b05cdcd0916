import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';

/** As between a transaction pooler and its servers: sessions have settings of which we know nothing. */
const settings = [
  `timezone = 'America/New_York'`,
  `datestyle = 'German, DMY'`,
  `intervalstyle = 'sql_standard'`,
  'standard_conforming_strings = off',
  'default_transaction_isolation = serializable',
];

/** The local time 01:30 of that night comes twice in New York. */
const firstTime = '2025-11-02T05:30:00.123Z';
const secondTime = '2025-11-02T06:30:00.456Z';
/** 02:30 of that night never comes there. */
const never = '2099-03-08T02:30:00.789Z';

describe.each(['off', 'on'])('with DATABASE_PREPARE=%s, in sessions of another time zone', (prepare) => {
  let database: TestDatabase;
  let app: TestApp;
  let editor: Person;
  beforeAll(async () => {
    database = await cloneDatabase();
    for (const setting of settings) await directly(database.url, `ALTER DATABASE "${database.name}" SET ${setting}`);
    app = await startApp({ DATABASE_PREPARE: prepare, DATABASE_POOL_MAX: '1' }, { databaseUrl: database.url });
    editor = await app.person('editor');
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  const send = (method: 'post' | 'patch', path: string, body?: object) =>
    app
      .request(method, path)
      .set(...bearer(editor))
      .set(anyMatch(method, path))
      .send(body);
  const instants = (id: string) =>
    directly<Record<string, string>>(
      database.url,
      `SELECT (extract(epoch FROM published_at) * 1000)::bigint::text AS published, (extract(epoch FROM expires_at) * 1000)::bigint::text AS expires,
        (extract(epoch FROM first_published_at) * 1000)::bigint::text AS first, abs(extract(epoch FROM now() - updated_at)) < 60 AS fresh
       FROM articles WHERE id = $1`,
      [id],
    );
  const ms = (instant: string) => String(Date.parse(instant));

  it('stores and shows every instant as it was given, to the millisecond', async () => {
    const given = { title: 'রাতের ঘড়ি', body: '<p>দুবার দেড়টা।</p>', status: 'published' };
    const { body: made } = await send('post', '/v1/articles', {
      ...given,
      publishedAt: firstTime,
      expiresAt: never,
    }).expect(201);
    expect(made).toMatchObject({ publishedAt: firstTime, expiresAt: never, firstPublishedAt: firstTime });
    expect(Math.abs(Date.parse(made.createdAt) - Date.now())).toBeLessThan(60_000);
    const stored = { published: ms(firstTime), expires: ms(never), first: ms(firstTime), fresh: true };
    expect(await instants(made.id)).toEqual([stored]);

    const { body: moved } = await send('post', `/v1/articles/${made.id}/publish`, { at: secondTime }).expect(200);
    expect(moved).toMatchObject({ publishedAt: secondTime, firstPublishedAt: firstTime });
    expect(await instants(made.id)).toEqual([{ ...stored, published: ms(secondTime) }]);
    const { body: shown } = await send('patch', `/v1/articles/${made.id}`, { expiresAt: null }).expect(200);
    expect(shown).toMatchObject({ publishedAt: secondTime, expiresAt: null });
  });

  it('shows addresses under the public one in pages, revisions and what is found', async () => {
    const given = { title: 'চরের খেয়াঘাট', body: '<p><a href="/media/kheya.jpg">ছবি</a></p>', status: 'published' };
    const { body: made } = await send('post', '/v1/articles', given).expect(201);
    const shown = expect.stringContaining('<a href="https://news.example/api/media/kheya.jpg"');
    expect(made).toMatchObject({ bodyHtml: shown });
    const asReader = (path: string) => app.request('get', path).expect(200);
    expect((await asReader(`/v1/articles/${made.id}`)).body).toMatchObject({ bodyHtml: shown });
    const revision = app.request('get', `/v1/articles/${made.id}/revisions/1`).set(...bearer(editor));
    expect((await revision.expect(200)).body).toMatchObject({ bodyHtml: shown });
    const found = await asReader(`/v1/search?${new URLSearchParams({ q: 'খেয়াঘাট' })}`);
    expect(found.body.data).toMatchObject([{ id: made.id }]);
  });

  it('filters, orders and pages by those instants', async () => {
    for (const [title, publishedAt] of [
      ['প্রথম দেড়টা', firstTime],
      ['দ্বিতীয় দেড়টা', secondTime],
    ]) {
      await send('post', '/v1/articles', { title, body: '<p>ঘড়ি।</p>', status: 'published', publishedAt }).expect(201);
    }
    const list = (query: string) => app.request('get', `/v1/articles?${query}`).expect(200);
    const between = `publishedFrom=${firstTime}&publishedTo=${secondTime}`;
    expect((await list(between)).body.data).toMatchObject([{ title: 'প্রথম দেড়টা' }]);
    const { body: page } = await list('limit=1&sort=publishedAt');
    expect(page.data).toMatchObject([{ publishedAt: firstTime }]);
    const { body: next } = await list(`limit=1&sort=publishedAt&after=${page.page.nextCursor}`);
    expect(next.data).toMatchObject([{ publishedAt: secondTime }]);
  });

  it(`prepares statements ${prepare === 'on' ? 'once on each connection' : 'never'}`, async () => {
    await app.request('get', '/v1/latest').expect(200);
    const [row] = await app.sql<{ n: number }>('SELECT count(*)::int AS n FROM pg_prepared_statements');
    if (prepare === 'on') expect(row?.n).toBeGreaterThan(0);
    else expect(row?.n).toBe(0);
  });

  it('sees in every statement of a transaction what others have committed before it', async () => {
    const text = `SELECT current_setting('transaction_isolation') AS isolation`;
    expect(await app.deps.db.transaction((tx) => tx.read({ text }))).toEqual([{ isolation: 'read committed' }]);
  });

  it('bounds statements and waits in every transaction', async () => {
    const text = `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS s,
      current_setting('lock_timeout') AS l, current_setting('idle_in_transaction_session_timeout') AS i`;
    const inside = await app.deps.db.transaction((tx) => tx.read({ text }));
    expect(inside).toEqual([{ zone: 'UTC', s: '5s', l: '2s', i: '10s' }]);
    const theirs = prepare === 'on' ? inside : await directly(database.url, text);
    expect(await app.sql(text)).toEqual(theirs);
    if (prepare === 'off') expect(theirs).toMatchObject([{ zone: 'America/New_York' }]);
  });
});
