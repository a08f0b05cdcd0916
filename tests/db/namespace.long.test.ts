import { describe, expect, it } from '@jest/globals';
import { quickPasswords, startApp } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { emptyDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { outside } from '../support/outside.ts';

const { ensureFirstAdmin, migrate, migrationsFolder } = outside;

const credentials = { email: 'admin@khobor.example', password: 'একটি-লম্বা-পাসওয়ার্ড' };

/** Another program in the same database, whose tables have our names and whose trigger would be noticed. */
const neighbour = `
  CREATE TABLE articles (id int PRIMARY KEY, slug text UNIQUE);
  INSERT INTO articles VALUES (1, 'theirs');
  CREATE TABLE users (id int);
  CREATE TABLE _prisma_migrations (id text, migration_name text, finished_at timestamptz);
  INSERT INTO _prisma_migrations VALUES ('1', '20200101000000_theirs', now());
  CREATE SCHEMA odd;
  CREATE TABLE odd.articles (id int);
  CREATE FUNCTION odd.article_listed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not ours''; END';`;

const neighbourState = `SELECT (SELECT json_agg(a ORDER BY id) FROM public.articles a) AS articles,
  (SELECT count(*)::int FROM public.users) AS users, (SELECT count(*)::int FROM odd.articles) AS odd,
  (SELECT json_agg(migration_name) FROM public._prisma_migrations) AS ledger,
  (SELECT json_agg(tablename ORDER BY tablename) FROM pg_tables WHERE schemaname IN ('public', 'odd')) AS tables`;

describe('a database that is shared with another program', () => {
  it.each([
    ['khobor', 'not there yet', 'on'],
    ['খবর Desk', 'there already', 'off'],
  ])('keeps all of ours in the schema %s, %s, with prepared statements %s', async (schema, there, prepare) => {
    const database = await emptyDatabase();
    const ask = (text: string, values: unknown[] = []) => directly(database.url, text, values);
    const quoted = `"${schema}"`;
    await directly(database.url, neighbour);
    await ask(`ALTER DATABASE "${database.name}" SET search_path = odd, public`);
    if (there === 'there already') await ask(`CREATE SCHEMA ${quoted}`);
    const before = await ask(neighbourState);
    const url = new URL(database.url);
    url.searchParams.set('schema', schema);
    await migrate({ url: url.href, poolMax: 1, prepare: prepare === 'on' }, migrationsFolder);
    const app = await startApp({ DATABASE_PREPARE: prepare }, { databaseUrl: url.href });
    try {
      await ensureFirstAdmin({ db: app.deps.db, passwords: quickPasswords() }, { ...credentials, name: 'সম্পাদক' });
      await app.request('get', '/readyz').expect(200);
      const { body: session } = await app.request('post', '/v1/auth/login').send(credentials).expect(200);
      const send = (method: 'post' | 'patch' | 'delete', path: string, body?: object, match?: string) =>
        app
          .request(method, path)
          .set('Authorization', `Bearer ${session.accessToken}`)
          .set(match === undefined ? anyMatch(method, path) : { 'If-Match': match })
          .send(body);
      await send('post', '/v1/sources', { name: 'রয়টার্স', slug: 'reuters' }).expect(201);
      await send('post', '/v1/tags', { name: 'কৃষি', slug: 'krishi' }).expect(201);
      const given = { title: 'আমনের বাম্পার ফলন', body: '<p>মাঠে সোনালি ধান।</p>', source: 'reuters', tags: ['krishi'] };
      const { body: article } = await send('post', '/v1/articles', { ...given, status: 'published' }).expect(201);
      const latest = async () => (await app.request('get', '/v1/latest?tag=krishi').expect(200)).body.data;
      expect(await latest()).toMatchObject([
        { id: article.id, source: { slug: 'reuters' }, tags: [{ slug: 'krishi' }] },
      ]);
      await send('patch', `/v1/articles/${article.id}`, { slug: 'amon' }).expect(200);
      await app.request('get', '/v1/articles/amon?include=latest').expect(200);
      await app.request('get', `/v1/articles/${encodeURIComponent(article.slug)}`).expect(308);
      await send('post', `/v1/articles/${article.id}/unpublish`).expect(200);
      expect(await latest()).toEqual([]);
      await app.request('post', '/v1/auth/refresh').send({ refreshToken: session.refreshToken }).expect(200);
      await app
        .request('post', '/v1/auth/login')
        .send({ ...credentials, password: 'ভুল-পাসওয়ার্ড-১' })
        .expect(401);

      expect(await ask(neighbourState)).toEqual(before);
      const counts = `SELECT (SELECT count(*)::int FROM ${quoted}.revisions) AS revisions,
        (SELECT count(*)::int FROM ${quoted}.events WHERE subject_id = $1) AS events,
        (SELECT count(*)::int FROM ${quoted}.rate_limits) > 0 AS limits,
        (SELECT count(*)::int FROM ${quoted}._prisma_migrations) > 0 AS ledger`;
      expect(await ask(counts, [article.id])).toEqual([{ revisions: 3, events: 4, limits: true, ledger: true }]);
    } finally {
      await app.close();
      await database.drop();
    }
  });
});
