import type pg from 'pg';
import { outside } from './outside.ts';

/** The rows of one statement on a separate connection, without the application and its pool. */
export async function directly<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new outside.pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
