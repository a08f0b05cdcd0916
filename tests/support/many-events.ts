import type { TestApp } from './app.ts';

const count = 20_000;

/** Events of long, with positions. PostgreSQL has counted them, and what waited for positions when all of them did. */
export async function manyEvents(app: TestApp): Promise<void> {
  await app.sql(
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data, is_public)
     SELECT gen_random_uuid(), 'tag.updated', 'tag', gen_random_uuid(), 1, '{tags}', '{}', TRUE FROM generate_series(1, $1::int)`,
    [count],
  );
  await app.sql('ANALYZE unnumbered');
  await app.sql('SELECT number_events($1)', [2 * count]);
  await app.sql('ANALYZE events, changes');
}

/** How many events and positions were read by statements that read all of them, on the one connection of the app. */
export async function rowsReadWhole({ deps: { db } }: TestApp): Promise<number> {
  await db.read({ text: 'SELECT pg_stat_force_next_flush()::text AS flushed' });
  const [row] = await db.read<{ rows: number }>({
    text: `SELECT sum(seq_tup_read)::float8 AS rows FROM pg_stat_user_tables WHERE relname IN ('events', 'changes')`,
  });
  return row?.rows ?? Number.NaN;
}
