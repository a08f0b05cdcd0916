import type { Read } from '../db/tx.ts';

/** Rows that nobody needs once their time is over, and how long they are kept after it. Revisions stay. */
export type Sweep = { readonly what: string; readonly table: string; readonly over: string };

/** What is kept how long; the README has the same table for operators. */
export const sweeps = [
  // A day longer than they could be used, for whoever looks into what happened.
  { what: 'sessions', table: '@sessions', over: "expires_at < now() - interval '1 day'" },
  { what: 'idempotency-keys', table: '@idempotency_keys', over: "at < now() - interval '24 hours'" },
  // Their list shows who had given which link to whom.
  { what: 'previews', table: '@previews', over: "expires_at < now() - interval '30 days'" },
  { what: 'presence', table: '@editing', over: 'expires_at < now()' },
  { what: 'rate-limits', table: '@rate_limits', over: 'expire < extract(epoch FROM now()) * 1000' },
] as const satisfies readonly Sweep[];

/** So many rows are removed in one statement, which holds their locks for some milliseconds. */
export const sweepBatch = 500;

/**
 * Removes a batch of the events of more than so many days ago, with their positions. What has no position yet stays, and
 * so does the last of each order, from which those go on who have followed to there.
 */
export async function sweepEvents(read: Read, days: number): Promise<number> {
  const text = `WITH old AS (
      SELECT e.seq FROM @events e JOIN @changes c ON c.event_seq = e.seq CROSS JOIN @changes_head h
      WHERE e.at < now() - make_interval(days => $1::int)
        AND c.position < h.position AND c.public_position IS DISTINCT FROM h.public_position
      ORDER BY e.at, e.seq LIMIT ${sweepBatch} FOR UPDATE OF e SKIP LOCKED
    ), placeless AS (DELETE FROM @changes c USING old WHERE c.event_seq = old.seq)
    DELETE FROM @events e USING old WHERE e.seq = old.seq RETURNING 1 AS gone`;
  return (await read({ text }, [String(days)])).length;
}

/** Removes one batch and gives how many rows it had. What another transaction holds is left for the next time. */
export async function sweepOnce(read: Read, { table, over }: Sweep): Promise<number> {
  const old = `SELECT ctid FROM ${table} WHERE ${over} LIMIT ${sweepBatch} FOR UPDATE SKIP LOCKED`;
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${old})) RETURNING 1 AS gone`;
  return (await read({ text })).length;
}
