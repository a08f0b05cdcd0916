import type { Db } from '../db/client.ts';
import { qualify } from '../db/sql.ts';

/** So many events get their positions in one transaction. */
const batch = 500;

/**
 * One round trip and one transaction, which a process that is stopped or cut off cannot leave open: the server has all of
 * it or nothing. The limits go for this transaction alone, so that they hold behind a pooler too.
 */
const text = `SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '4s', true);
  SELECT moved, first::text, last::text FROM @number_events(${batch})`;

/** What one turn has done: null where another process had its turn meanwhile. */
type Turn = { moved: number | null };

async function takeTurn(db: Pick<Db, 'pool' | 'schema'>): Promise<Turn> {
  const results: unknown = await db.pool.query(qualify(db.schema)(text));
  const [, { rows: [row] = [] }] = Object(results);
  return { moved: row?.moved ?? null };
}

/** Gives positions to all events that have none; null where another process is about it and must be asked again. */
export async function numberOnce(db: Pick<Db, 'pool' | 'schema'>): Promise<number | null> {
  let total = 0;
  for (;;) {
    const { moved } = await takeTurn(db);
    if (moved === null) return null;
    total += moved;
    if (moved < batch) return total;
  }
}
