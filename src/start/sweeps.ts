import type { Read } from '../db/tx.ts';

/** Rows that nobody needs once their time is over, and how long they are kept after it. Revisions and events stay. */
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

/** Removes one batch and gives how many rows it had. What another transaction holds is left for the next time. */
export async function sweepOnce(read: Read, { table, over }: Sweep): Promise<number> {
  const old = `SELECT ctid FROM ${table} WHERE ${over} LIMIT ${sweepBatch} FOR UPDATE SKIP LOCKED`;
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${old})) RETURNING 1 AS gone`;
  return (await read({ text })).length;
}
