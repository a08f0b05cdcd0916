import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { ownFunctions, ownTables } from '../../src/db/rights.ts';
import { startApp } from '../support/app.ts';
import { cloneDatabase, databaseUrl, emptyDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { buildProgram, killPrograms, startProgram } from '../support/program.ts';

const { setUpWhenMigrated, migrate, migrationsFolder } = outside;

jest.setTimeout(60_000);

const adminUrl = process.env.KHOBOR_TEST_ADMIN_URL ?? '';
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
/** What the README has an operator paste, for a role of the test's own. */
const grants = /^```sql\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: 'খালের ওপারে বটের ছায়া' };

const password = 'a-password-of-a-role';
let role = '';
let database: TestDatabase;
let client: pg.Client;

const open = async (made: TestDatabase) => {
  database = made;
  client = new pg.Client({ connectionString: made.url });
  await client.connect();
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
};
const grant = () => client.query(grants.replaceAll('khobor_app', role).replaceAll('khobor_owner', 'CURRENT_USER'));
const urlOf = () => {
  const url = new URL(databaseUrl(adminUrl, database.name));
  return Object.assign(url, { username: role, password }).toString();
};
const start = (more: Record<string, string> = {}) =>
  startProgram({
    DATABASE_URL: urlOf(),
    JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789',
    DATABASE_POOL_MAX: '3',
    ...more,
  });
const logIn = (url: string) =>
  fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: account.ADMIN_EMAIL, password: account.ADMIN_PASSWORD }),
  });

beforeAll(() => buildProgram().then(() => {}));
beforeEach(() => {
  role = `khobor_role_${randomBytes(6).toString('hex')}`;
});
afterEach(async () => {
  await killPrograms();
  await client.query(`DROP OWNED BY ${role}`);
  await client.query(`DROP ROLE ${role}`);
  await client.end();
  await database.drop();
});
afterAll(killPrograms);

describe("the rights of the database's role", () => {
  it('that the README lists are enough to serve, to log in, to write and to tell of it', async () => {
    await open(await cloneDatabase());
    await grant();
    await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    await client.query('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC');
    const url = await start(account).url;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const { accessToken } = JSON.parse(await (await logIn(url)).text());
    const article = await fetch(`${url}/v1/articles`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${accessToken}`, 'Idempotency-Key': 'one' },
      body: JSON.stringify({ title: 'হাটে নতুন ধান', tags: [], status: 'published' }),
    });
    expect(article.status).toBe(201);
    const told = 'SELECT (SELECT count(*)::int FROM unnumbered) AS waiting, (SELECT count(*) > 0 FROM changes) AS some';
    await eventually(async () => expect((await client.query(told)).rows).toEqual([{ waiting: 0, some: true }]));
  });

  const withoutSchema = async () => {
    await open(await cloneDatabase());
    await grant();
    // Everybody has the schema by default.
    await client.query('REVOKE USAGE ON SCHEMA public FROM PUBLIC');
    // And everybody may call a function, but where the owner has taken that back.
    await client.query('REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC');
  };
  const lacks = (missing: string) =>
    `DATABASE_URL: this user lacks ${missing}, which serving needs (see Rights in the README)`;

  it('are looked at when it starts, and the missing one is named in one line', async () => {
    await withoutSchema();
    await client.query(`REVOKE INSERT ON revisions FROM ${role}`);
    const program = start({ MIGRATE: 'off' });
    expect(await program.exited).toBe(1);
    expect(program.said()).toBe(`khobor: ${lacks('INSERT on table revisions')}\n`);
  });

  it('are looked at each: of tables, of the ledger, of sequences, of functions and of the schema', async () => {
    await withoutSchema();
    const app = await startApp({ MIGRATE: 'off' }, { databaseUrl: urlOf() });
    const begin = () => setUpWhenMigrated(app, null, AbortSignal.abort());
    const rights = [
      ['DELETE', 'ON previews', 'DELETE on table previews'],
      ['SELECT', 'ON _prisma_migrations', 'SELECT on table _prisma_migrations'],
      ['USAGE', 'ON SEQUENCE events_seq_seq', 'USAGE on sequence events_seq_seq'],
      ...ownFunctions.map((name) => ['EXECUTE', `ON FUNCTION ${name}`, `EXECUTE on function ${name}`]),
      ['USAGE', 'ON SCHEMA public', 'USAGE on schema public'],
    ];
    for (const [right, place, missing = ''] of rights) {
      await client.query(`REVOKE ${right} ${place} FROM ${role}`);
      await expect(begin()).rejects.toThrow(lacks(missing));
      await client.query(`GRANT ${right} ${place} TO ${role}`);
    }
    await expect(begin()).resolves.toEqual({ account: null, articles: 0 });
    await app.close();
  });

  it('are looked at before the first migration', async () => {
    await open(await emptyDatabase());
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    await expect(migrate({ url: urlOf(), poolMax: 1, prepare: true }, migrationsFolder)).rejects.toThrow(
      'DATABASE_URL: this user lacks CREATE on schema public, which migrations need (see Rights in the README)',
    );
    expect((await client.query("SELECT 1 FROM pg_class WHERE relname = '_prisma_migrations'")).rowCount).toBe(0);
  });

  it('may come later: the first account is made once they are there', async () => {
    await open(await emptyDatabase());
    const program = start({ ...account, MIGRATE: 'off' });
    const url = await program.url;
    const command = startProgram({ DATABASE_URL: database.url }, 'dist/cli/migrate.js');
    expect(await command.exited).toBe(0);
    await eventually(async () => expect(program.said()).toContain('this user lacks DELETE on table access_keys and'));
    // A look between two migrations finds fewer tables, and says so.
    const told = program.said().match(/this user lacks [^"]*/g) ?? [];
    expect(new Set(told).size).toBe(told.length);
    await grant();
    await eventually(async () => expect((await logIn(url)).status).toBe(200));
  });
});

describe('the list of tables that are ours', () => {
  it('is that of the migrations', async () => {
    await open(await cloneDatabase());
    const { rows } = await client.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE \"C\"",
    );
    expect(rows.map(({ relname }) => relname)).toEqual(['_prisma_migrations', ...ownTables]);
  });
});

describe('the list of functions that are ours', () => {
  it('is that of the migrations, but for what only triggers call', async () => {
    await open(await cloneDatabase());
    const { rows } = await client.query<{ proname: string }>(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype ORDER BY proname COLLATE "C"`,
    );
    expect(rows.map(({ proname }) => proname)).toEqual([...ownFunctions]);
  });
});
