import type { Read } from '../db/tx.ts';

/** A table with rows that expire, and the condition (`over`) for removing them. Revisions are never removed. */
export type Sweep = { readonly what: string; readonly table: string; readonly over: string };

/** The webhooks that deliveries name and that are gone. Each webhook is one look-up, however many deliveries it has. */
const goneWebhooks = `WITH RECURSIVE named (id) AS (
    (SELECT webhook_id FROM @webhook_deliveries ORDER BY webhook_id LIMIT 1)
    UNION ALL SELECT (SELECT d.webhook_id FROM @webhook_deliveries d WHERE d.webhook_id > n.id ORDER BY d.webhook_id LIMIT 1)
      FROM named n WHERE n.id IS NOT NULL)
  SELECT n.id FROM named n WHERE n.id IS NOT NULL AND NOT EXISTS (SELECT FROM @webhooks w WHERE w.id = n.id)`;

/** How long each kind of row is kept. The README has the same table for operators. */
export const sweeps = [
  // Kept a day longer than they are valid, for anyone who investigates an incident.
  { what: 'sessions', table: '@sessions', over: "expires_at < now() - interval '1 day'" },
  { what: 'idempotency-keys', table: '@idempotency_keys', over: "at < now() - interval '24 hours'" },
  // Kept longer, because their list shows who gave which link to whom.
  { what: 'previews', table: '@previews', over: "expires_at < now() - interval '30 days'" },
  { what: 'presence', table: '@editing', over: 'expires_at < now()' },
  { what: 'webhook-attempts', table: '@webhook_attempts', over: "at < now() - interval '30 days'" },
  // The index is of the time when a delivery was made, which is never after its end.
  {
    what: 'webhook-deliveries',
    table: '@webhook_deliveries',
    over: "created_at < now() - interval '30 days' AND ended_at < now() - interval '30 days'",
  },
  {
    what: 'deliveries-of-deleted-webhooks',
    table: '@webhook_deliveries',
    over: `webhook_id = ANY (ARRAY(${goneWebhooks}))`,
  },
  { what: 'rate-limits', table: '@rate_limits', over: 'expire < extract(epoch FROM now()) * 1000' },
] as const satisfies readonly Sweep[];

/** The number of rows removed in one statement, which holds their locks for some milliseconds. */
export const sweepBatch = 500;

/**
 * Removes one batch of events older than `days`, with their positions; returns how many. Events without a position stay, and
 * so does the last one of each order, so that followers who have read up to it can go on from there.
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

/** Removes one batch and returns its number of rows. Rows locked by another transaction are left for the next time. */
export async function sweepOnce(read: Read, { table, over }: Sweep): Promise<number> {
  const old = `SELECT ctid FROM ${table} WHERE ${over} LIMIT ${sweepBatch} FOR UPDATE SKIP LOCKED`;
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${old})) RETURNING 1 AS gone`;
  return (await read({ text })).length;
}
