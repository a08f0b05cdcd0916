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
