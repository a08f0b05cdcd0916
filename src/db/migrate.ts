import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { newId } from '../core/ids.ts';
import { type DatabaseConfig, migrationConfig, schemaOf } from './connection.ts';
import { requireUtf8 } from './encoding.ts';
import { requireMigrationRights } from './rights.ts';

type Migration = { name: string; sql: string; checksum: string };

/** The advisory lock of Prisma's own engine, so that only one of the two migrates at a time. */
const lockKey = 72707369;

/** The migrations of a folder, `<time>_<what>/migration.sql` each, in order. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The table in which Prisma's command line records migrations; we use the same one. */
const ledger = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

/**
 * Begins a transaction in which nobody else migrates. READ COMMITTED, to see what others committed while we waited for the
 * lock. Timeouts that the role or the database may set are off, so that they do not end the waiting.
 */
async function begin(client: pg.Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  await client.query("SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)");
  await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
}

async function applyNext(client: pg.Client, schema: string, migration: Migration): Promise<boolean> {
  await begin(client);
  await client.query('SELECT set_config($1, $2, true)', ['search_path', pg.escapeIdentifier(schema)]);
  await client.query(ledger);
  const { rows } = await client.query<{ checksum: string }>(
    'SELECT checksum FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL',
    [migration.name],
  );
  if (rows[0] && rows[0].checksum !== migration.checksum) {
    throw new Error(`migration ${migration.name} was applied to this database in another form: bring its file back`);
  }
  if (!rows[0]) {
    // A statement that waits for a table lock makes all later readers of the table wait behind it.
    await client.query("SELECT set_config('lock_timeout', '5000', true)");
    await client.query(migration.sql).catch((error: Error) => {
      throw new Error(`migration ${migration.name} failed and left nothing behind: ${error.message}`, { cause: error });
    });
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)',
      [newId(), migration.checksum, migration.name],
    );
  }
  await client.query('COMMIT');
  return !rows[0];
}

async function ensureSchema(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length > 0) return;
  await begin(client);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  await client.query('COMMIT');
}

/** Checksums of the applied migrations by name, read without a lock or write rights; empty if the table is missing. */
async function appliedBefore(client: pg.Client, schema: string): Promise<Map<string, string>> {
  const table = `${pg.escapeIdentifier(schema)}._prisma_migrations`;
  const found = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (found.rows[0]?.there !== true) return new Map();
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/**
 * Applies missing migrations, each in its own transaction under a transaction-level advisory lock: instances that start
 * together apply each one once, and an instance killed midway leaves nothing behind. Returns the names applied.
 */
export async function migrate(config: DatabaseConfig, folder: string): Promise<string[]> {
  const client = new pg.Client(migrationConfig(config));
  // The running statement reports the error too. Without a listener, the event would end the process.
  client.on('error', () => {});
  const schema = schemaOf(config.url);
  await client.connect();
  try {
    const migrations = await readMigrations(folder);
    const known = await appliedBefore(client, schema);
    // With nothing to apply, the start also works on a read-only server and for a role that may not create tables.
    if (migrations.every(({ name, checksum }) => known.get(name) === checksum)) return [];
    await requireUtf8(client);
    await requireMigrationRights(client, schema);
    await ensureSchema(client, schema);
    const applied: string[] = [];
    for (const migration of migrations) {
      if (await applyNext(client, schema, migration)) applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}
