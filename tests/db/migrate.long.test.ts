import { spawn } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { makeTestDir } from '../support/postgres.ts';
import { buildProgram, builtModule } from '../support/program.ts';

const { migrate, migrationsFolder, readMigrations } = outside;

let database: TestDatabase;
let folder = '';
beforeEach(async () => {
  [database, folder] = await Promise.all([emptyDatabase(), makeTestDir()]);
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const start = (from: string) => migrate({ url: database.url, poolMax: 1, prepare: true }, from);
const query = <Row extends pg.QueryResultRow>(text: string) => directly<Row>(database.url, text);
const ledger = () =>
  query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at, name`,
  );
const applied = async () => (await ledger()).map(({ name }) => name);
const tables = async () =>
  (await query<{ t: string }>(`SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public' ORDER BY t`)).map(
    ({ t }) => t,
  );
async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

describe('migrate', () => {
  it('applies each migration once when five instances start at once on an empty database', async () => {
    const all = await readMigrations(migrationsFolder);
    const starts = await Promise.all([...Array(5)].map(() => start(migrationsFolder)));
    expect(starts.flat().sort()).toEqual(all.map(({ name }) => name));
    expect(await ledger()).toEqual(all.map(({ name, checksum }) => ({ name, checksum })));
    expect(await start(migrationsFolder)).toEqual([]);
  });

  it('does so whatever isolation and limits the database gives its sessions', async () => {
    const settings = [
      'default_transaction_isolation = serializable',
      `lock_timeout = '1ms'`,
      `statement_timeout = '1s'`,
    ];
    for (const setting of settings) await query(`ALTER DATABASE "${database.name}" SET ${setting}`);
    await write('1_news', 'CREATE TABLE news (id int); SELECT pg_sleep(0.1)');
    const starts = await Promise.all([...Array(5)].map(() => start(folder)));
    expect(starts.flat()).toEqual(['1_news']);
    expect(await applied()).toEqual(['1_news']);
  });

  it('keeps the ledger of Prisma’s own command line', async () => {
    await write('1_news', 'CREATE TABLE news (id int)');
    await start(folder);
    const columns = await query(
      `SELECT column_name || ' ' || udt_name || coalesce('(' || character_maximum_length || ')', '')
         || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || coalesce(' ' || column_default, '') AS is
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    );
    expect(columns.map((column) => column.is)).toEqual([
      'id varchar(36) not null',
      'checksum varchar(64) not null',
      'finished_at timestamptz',
      'migration_name varchar(255) not null',
      'logs text',
      'rolled_back_at timestamptz',
      'started_at timestamptz not null now()',
      'applied_steps_count int4 not null 0',
    ]);
    expect(await query(`SELECT logs, rolled_back_at, applied_steps_count FROM _prisma_migrations`)).toEqual([
      { logs: null, rolled_back_at: null, applied_steps_count: 1 },
    ]);
  });

  it('refuses, in one line, a migration that was edited after it was applied, and applies none after it', async () => {
    await write('1_news', 'CREATE TABLE news (id int)');
    await start(folder);
    await write('1_news', 'CREATE TABLE news (id bigint)');
    await write('2_more', 'CREATE TABLE more (id int)');
    await expect(start(folder)).rejects.toThrow(/^migration 1_news was applied to this database in another form.*$/);
    expect(await tables()).toEqual(['_prisma_migrations', 'news']);
    expect(await applied()).toEqual(['1_news']);
  });

  it('leaves nothing behind of a migration that fails, names it, and applies it once it is right', async () => {
    await write('1_news', 'CREATE TABLE news (id int)');
    await write('2_more', 'CREATE TABLE more (id int); INSERT INTO more VALUES (1); SELECT 1 / 0;');
    await expect(start(folder)).rejects.toThrow(/^migration 2_more failed and left nothing behind: .+$/);
    expect(await tables()).toEqual(['_prisma_migrations', 'news']);
    expect(await applied()).toEqual(['1_news']);
    await write('2_more', 'CREATE TABLE more (id int)');
    expect(await start(folder)).toEqual(['2_more']);
  });

  /** Holds the lock that a migration waits for, so that it stands still in its middle. */
  async function withStandstill(work: (release: () => Promise<unknown>) => Promise<void>): Promise<void> {
    await write('1_news', 'CREATE TABLE news (id int)');
    await write(
      '2_more',
      'CREATE TABLE more (id int); SELECT pg_advisory_xact_lock(4711); CREATE TABLE most (id int);',
    );
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(4711)');
    await work(() => holder.query('SELECT pg_advisory_unlock(4711)')).finally(() => holder.end());
  }
  const standingStill = async () => {
    const text = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%4711); CREATE%' AND wait_event = 'advisory'`;
    const [row] = await query<{ pid: number }>(text);
    expect(row?.pid).toBeDefined();
    return row?.pid;
  };

  it('needs no hand after an instance was killed midway: the next start applies what is missing', async () => {
    await withStandstill(async (release) => {
      await buildProgram();
      const script = `import { migrate } from '${builtModule('db/migrate.js')}';
        await migrate({ url: process.argv[1], poolMax: 1, prepare: true }, process.argv[2]);`;
      const from = join(folder, 'migrations');
      await mkdir(from);
      for (const name of ['1_news', '2_more']) await rename(join(folder, name), join(from, name));
      const args = ['--input-type=module', '--eval', script, database.url, from];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      await eventually(standingStill);
      const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      expect(await tables()).toEqual(['_prisma_migrations', 'news']);
      const next = Promise.all([start(from), start(from)]);
      await release();
      expect((await next).flat()).toEqual(['2_more']);
      expect(await tables()).toEqual(['_prisma_migrations', 'more', 'most', 'news']);
      expect(await applied()).toEqual(['1_news', '2_more']);
    });
  });

  it('fails with the reason, and ends no process, when its connection is ended midway', async () => {
    await withStandstill(async (release) => {
      const refused = expect(start(folder)).rejects.toThrow(/^migration 2_more failed and left nothing behind: .+$/);
      const pid = await eventually(standingStill);
      await query(`SELECT pg_terminate_backend(${pid})`);
      await refused;
      await release();
      expect(await start(folder)).toEqual(['2_more']);
    });
  });
});
