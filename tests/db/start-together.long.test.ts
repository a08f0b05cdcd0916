import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { outside } from '../support/outside.ts';

const { setUp, migrate, migrationsFolder } = outside;

const account = { ADMIN_EMAIL: 'admin@khobor.example', ADMIN_PASSWORD: 'পাঁচজন-একসঙ্গে-শুরু' };

let database: TestDatabase;
const apps: TestApp[] = [];
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

/** What a start does between the configuration and the first call. */
async function start() {
  await migrate({ url: database.url, poolMax: 1, prepare: true }, migrationsFolder);
  const app = await startApp({ ...account, DEMO: 'true', DATABASE_POOL_MAX: '2' }, { databaseUrl: database.url });
  apps.push(app);
  const made = await setUp(app, null);
  await app.request('get', '/readyz').expect(200);
  return made;
}

describe('five instances that start at once on an empty database', () => {
  it('make one admin and one demonstration newsroom between them, and all serve it', async () => {
    const made = await Promise.all([...Array(5)].map(start));
    expect(made.filter((first) => first.account !== null)).toMatchObject([{ account: { email: account.ADMIN_EMAIL } }]);
    const articles = made.map((first) => first.articles).filter((count) => count > 0);
    expect(articles).toHaveLength(1);
    const [app] = apps;
    const [row] =
      (await app?.sql(
        `SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM articles) AS articles,
        (SELECT count(*)::int FROM (SELECT 1 FROM articles GROUP BY title HAVING count(*) > 1) x) AS twice`,
      )) ?? [];
    expect(row).toEqual({ users: 1, articles: articles[0], twice: 0 });
    for (const { request } of apps) expect((await request('get', '/v1/latest').expect(200)).body.data).toHaveLength(20);
  }, 60_000);
});
