import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { administer, databaseUrl } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { buildProgram, killPrograms, startProgram } from '../support/program.ts';

// Each start is a process, on a machine that runs other tests beside it.
jest.setTimeout(60_000);

const adminUrl = process.env.KHOBOR_TEST_ADMIN_URL ?? '';
const migrations = readdirSync(join(import.meta.dirname, '../../prisma/migrations'), { withFileTypes: true }).filter(
  (entry) => entry.isDirectory(),
).length;
const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: 'খালের ওপারে বটের ছায়া' };

/** An empty database of the test's own, and a start on it. */
let name = '';
const env = () => ({
  DATABASE_URL: databaseUrl(adminUrl, name),
  JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789',
  DATABASE_POOL_MAX: '3',
});
const start = (more: Record<string, string> = {}) => startProgram({ ...env(), ...more });

let client: pg.Client;
const query = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;

const counts = async () => {
  const count = (table: string) => `(SELECT count(*)::int FROM ${table}) AS ${table}`;
  const [row] = await query(`SELECT ${['users', 'articles', 'sources', '_prisma_migrations'].map(count).join()}`);
  return row;
};

const status = async (url: string) => (await fetch(url)).status;

beforeAll(async () => {
  await buildProgram();
});
beforeEach(async () => {
  name = `khobor_start_${randomBytes(6).toString('hex')}`;
  await administer(adminUrl, `CREATE DATABASE "${name}"`);
  client = new pg.Client({ connectionString: databaseUrl(adminUrl, name) });
  await client.connect();
});
afterEach(async () => {
  await killPrograms();
  await client.end();
  await administer(adminUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
});

describe('a start on a database of your own', () => {
  it('needs no hand after one that was killed while it filled the database: three that start then at once share one admin and one newsroom, each migration applied once', async () => {
    const furnished = { ...account, DEMO: 'true' };
    const first = start(furnished);
    // The lock of the demonstration is taken: the admin is made, some of the newsroom is, and nothing is committed.
    const planting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707370
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await eventually(async () => expect(await query(planting)).not.toEqual([]), 30_000);
    first.kill('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    expect(await counts()).toMatchObject({ users: 0, articles: 0 });
    const three = Array.from({ length: 3 }, () => start(furnished));
    const urls = await Promise.all(three.map(({ url }) => url));
    expect(await Promise.all(urls.map((url) => status(`${url}/readyz`)))).toEqual([200, 200, 200]);
    expect(await counts()).toMatchObject({ users: 1, sources: 4, _prisma_migrations: migrations });
    expect(three.filter((program) => program.said().includes('demonstration'))).toHaveLength(1);
    const [{ twice } = { twice: -1 }] = await query<{ twice: number }>(
      'SELECT (count(*) - count(DISTINCT title))::int AS twice FROM articles',
    );
    expect(twice).toBe(0);
    for (const program of three) program.kill('SIGTERM');
    expect(await Promise.all(three.map(({ exited }) => exited))).toEqual([0, 0, 0]);
  });

  it('waits with MIGRATE=off for migrations from elsewhere, alive and not ready', async () => {
    const program = start({ ...account, MIGRATE: 'off' });
    const url = await program.url;
    expect(await status(`${url}/livez`)).toBe(200);
    expect(await status(`${url}/readyz`)).toBe(503);
    expect(program.said()).toContain('migrations are missing');
    const early = await fetch(`${url}/v1/latest`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await early.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('migrations') });
    const { JWT_SECRET: _, ...withoutSecret } = env();
    // The command makes no account, so that it does not mind half of one either.
    const command = startProgram({ ...withoutSecret, ADMIN_EMAIL: 'desk' }, 'dist/cli/migrate.js');
    expect(await command.exited).toBe(0);
    expect(command.said()).toMatch(/^applied \d{14}_foundation, [\w, ]+\n$/);
    expect(await status(`${url}/readyz`)).toBe(200);
    // The account that the two keys name is made as soon as it can be.
    const logIn = () =>
      fetch(`${url}/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: account.ADMIN_EMAIL, password: account.ADMIN_PASSWORD }),
      });
    await eventually(async () => expect((await logIn()).status).toBe(200));
    expect(await counts()).toMatchObject({ users: 1 });
  });

  it('applies the migrations and makes nothing else, and needs no right to change anything after that: a read-only server is served', async () => {
    const program = start();
    expect(await status(`${await program.url}/readyz`)).toBe(200);
    expect(program.said()).not.toMatch(/account|curl|data is in/);
    expect(await counts()).toEqual({ users: 0, articles: 0, sources: 0, _prisma_migrations: migrations });
    await killPrograms();
    await query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    const url = await start().url;
    expect([await status(`${url}/readyz`), await status(`${url}/v1/latest`)]).toEqual([200, 200]);
    const write = await fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: account.ADMIN_EMAIL, password: account.ADMIN_PASSWORD }),
    });
    expect(await write.json()).toMatchObject({ status: 503, detail: expect.stringContaining('only be read') });
  });

  it('warns where a later version has migrated the database, and serves', async () => {
    const first = start();
    await first.url;
    expect(first.said()).not.toContain('later version');
    first.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    await query(`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
      VALUES ('later', 'of it', now(), '99990101000000_later')`);
    for (const MIGRATE of ['on', 'off']) {
      const second = start({ MIGRATE });
      expect(await status(`${await second.url}/readyz`)).toBe(200);
      expect(second.said()).toMatch(/"99990101000000_later".*a later version has migrated this database/);
      second.kill('SIGTERM');
      expect(await second.exited).toBe(0);
    }
  });

  it.each(['SQL_ASCII', 'LATIN1'])(
    'is refused where the database keeps its text in %s, and leaves nothing there',
    async (encoding) => {
      const other = `${name}_${encoding.toLowerCase()}`;
      await administer(adminUrl, `CREATE DATABASE "${other}" ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`);
      const there = new pg.Client({ connectionString: databaseUrl(adminUrl, other) });
      try {
        for (const MIGRATE of ['on', 'off']) {
          const program = start({ DATABASE_URL: databaseUrl(adminUrl, other), MIGRATE });
          expect(await program.exited).toBe(1);
          expect(program.said()).toBe(
            `khobor: DATABASE_URL: the database keeps its text in ${encoding}; make one with createdb --encoding=UTF8 --template=template0\n`,
          );
        }
        await there.connect();
        const { rows } = await there.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
        expect(rows).toEqual([]);
      } finally {
        await there.end();
        await administer(adminUrl, `DROP DATABASE "${other}" WITH (FORCE)`);
      }
    },
  );
});
