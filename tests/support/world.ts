import type { TestApp } from './app.ts';

/** Tables that calls may write to without changing anything that people wrote. */
const ofThePlatform = ['_prisma_migrations', 'sessions', 'rate_limits', 'idempotency_keys'];

/** The row count of every table, so that a test can assert that nothing was recorded. */
export async function rowsOf(app: TestApp): Promise<Record<string, string>> {
  const tables = await app.sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND NOT table_name = ANY($1) ORDER BY 1`,
    [ofThePlatform],
  );
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::text AS rows FROM "${name}"`);
  const rows = await app.sql<{ name: string; rows: string }>(counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}
