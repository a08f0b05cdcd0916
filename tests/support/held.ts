import type pg from 'pg';
import type { TestApp } from './app.ts';
import { outside } from './outside.ts';

/** Runs `work` while another connection holds an article in a transaction, which is then undone unless `work` ended it. */
export async function whileHeld(
  { databaseUrl }: TestApp,
  id: string,
  work: (holder: pg.Client) => Promise<unknown>,
): Promise<void> {
  const holder = new outside.pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [id]);
    await work(holder);
  } finally {
    await holder.end();
  }
}

/**
 * Sends a call while another transaction has made a change that is not stored yet, and stores that once the call waits for
 * it. So the call has read everything as it was before.
 */
export async function meanwhile<Answer>(
  { deps, sql }: TestApp,
  change: string,
  values: readonly unknown[],
  call: () => PromiseLike<Answer>,
): Promise<Answer> {
  const client = await deps.db.pool.connect();
  const isWaiting = async () => (await sql('SELECT FROM pg_locks WHERE NOT granted')).length > 0;
  try {
    await client.query('BEGIN');
    await client.query(change, [...values]);
    let answered = false;
    const answer = Promise.resolve(call()).finally(() => {
      answered = true;
    });
    while (!answered && !(await isWaiting()));
    await client.query('COMMIT');
    return await answer;
  } finally {
    client.release();
  }
}
