import { type Claim, claimSql, isFree, isTaken, withoutWaiting } from '../db/claims.ts';
import type { Read } from '../db/tx.ts';
import { type Hook, hookSql, isPurger } from './webhooks.ts';

/** Takes the deliveries that are to be sent now. */

export const deliveriesTable = '@webhook_deliveries';

/** The most deliveries of one webhook that are under way at once. */
export const atOnceMax = 8;

/** The most events whose keys are purged together. One such purge of a purger is under way at a time. */
const purgedTogetherMax = 500;

/** For so long a delivery waits for the purges of its event. */
const purgeWaitS = 2;

export type Delivery = Claim & {
  readonly hookId: string;
  readonly purpose: 'change' | 'purge' | 'ping';
  readonly eventId: string | null;
  readonly subjectId: string;
  /** How often it was tried until now. */
  readonly attempts: number;
  readonly repeats: number;
};

/**
 * What there is to be sent. `again`: there was something that another process or a purge keeps from being taken just now.
 * `waitMs`: until the next one falls due; null if none is known of.
 */
export type Claimed = { deliveries: Delivery[]; hooks: Hook[]; again: boolean; waitMs: number | null };

const isWaiting = (d: string) => `${d}.state = 'waiting'`;
const isFreeNow = (d: string) => `${isWaiting(d)} AND ${isFree(d)}`;
const isDue = (d: string) => `${isFreeNow(d)} AND ${d}.due_at <= now()`;
const isPing = (d: string) => `${isWaiting(d)} AND ${d}.purpose = 'ping' AND ${isFree(d)}`;

/**
 * SQL at the end of EXISTS: it is asked row by row, by an index. What waits grows from nothing to tens of thousands while an
 * endpoint is dead, before PostgreSQL has counted it; expecting a few rows, it would compare each with each.
 */
const rowByRow = 'OFFSET 0';

/** A subject waits until its delivery is done, dead or skipped. */
const isFirstOfSubject = `NOT EXISTS (SELECT FROM @webhook_deliveries b WHERE b.webhook_id = d.webhook_id AND b.subject_id = d.subject_id
  AND b.state = 'waiting' AND b.position < d.position ${rowByRow})`;

/** SQL: some purger that works has not purged yet what the event of `d` made stale, and that is awaited. */
const awaitsPurge = `d.created_at > now() - interval '${purgeWaitS} seconds' AND EXISTS (SELECT FROM @webhooks g
  WHERE ${isPurger('g')} AND g.enabled AND g.probe_at IS NULL AND (g.position < d.position OR EXISTS (SELECT FROM @webhook_deliveries q
    WHERE q.webhook_id = g.id AND q.position = d.position AND q.state = 'waiting' AND q.repeats > 0)))`;

/** SQL: whether something may be awaited that purges. */
const purgePends = `EXISTS (SELECT FROM @webhooks g CROSS JOIN @changes_head h WHERE ${isPurger('g')} AND g.enabled AND g.probe_at IS NULL
  AND (g.position < h.position OR EXISTS (SELECT FROM @webhook_deliveries q WHERE q.webhook_id = g.id AND q.state = 'waiting' AND q.repeats > 0
    AND q.created_at > now() - interval '${purgeWaitS} seconds')))`;

const isOpen = 'w.enabled AND (w.probe_at IS NULL OR w.probe_at <= now())';

/** Those that are due, of the webhooks `of`, in this order. */
const picked = ({
  of,
  due,
  condition,
  order,
  limit,
}: Record<'of' | 'due' | 'condition' | 'order' | 'limit', string>) => `SELECT p.id FROM (
    SELECT d.id, r.room, row_number() OVER (PARTITION BY r.id ORDER BY ${order}) AS n FROM room r CROSS JOIN LATERAL (
      SELECT d.id, d.due_at, d.position FROM @webhook_deliveries d WHERE d.webhook_id = r.id AND ${due} AND d.purpose <> 'ping'
        AND d.id <> ALL ($2::uuid[]) AND ${condition} ORDER BY ${order} LIMIT ${limit} FOR UPDATE SKIP LOCKED) d
    WHERE r.open AND r.room > 0 AND ${of}) p WHERE p.n <= p.room`;

const asDue = 'd.due_at, d.position';
const dueByIndex = isDue('d');

/** The same where an index gives another order: this condition must not make that index look dearer. */
const dueInPassing = `${isFreeNow('d')} AND d.due_at + interval '0' <= now()`;

const mayBeTold = `${isFirstOfSubject} AND NOT (${awaitsPurge})`;

/**
 * While a webhook fails it is the oldest that is tried, and again the oldest, so that pauses grow: what fell due first would
 * be another one each time.
 */
const pickedSql = [
  picked({
    of: 'NOT r.purges AND NOT r.probes',
    due: dueByIndex,
    condition: mayBeTold,
    order: asDue,
    limit: '$4::int',
  }),
  picked({ of: 'NOT r.purges AND r.probes', due: dueInPassing, condition: mayBeTold, order: 'd.position', limit: '1' }),
  picked({ of: 'r.purges', due: dueByIndex, condition: 'TRUE', order: asDue, limit: String(purgedTogetherMax) }),
  `SELECT d.id FROM room r CROSS JOIN LATERAL (SELECT d.id FROM @webhook_deliveries d WHERE d.webhook_id = r.id AND ${isPing('d')}
    AND d.id <> ALL ($2::uuid[]) LIMIT ${atOnceMax} FOR UPDATE SKIP LOCKED) d`,
].join(' UNION ALL ');

/**
 * A webhook is served by one process at a time: while another has deliveries of it, none are taken. So the most that are
 * under way at once is kept by the process that has them.
 *
 * The lock on a webhook alone would not do: what another process took after this statement began is not seen by it. Its
 * `turn` has moved on then, which is seen once the lock is there.
 */
const text = `WITH candidates AS MATERIALIZED (
    SELECT w.id, w.turn, ${isOpen} AS open FROM @webhooks w
    WHERE (${isOpen} AND EXISTS (SELECT FROM @webhook_deliveries d WHERE d.webhook_id = w.id AND ${dueByIndex} ORDER BY ${asDue} LIMIT 1 ${rowByRow}))
      OR EXISTS (SELECT FROM @webhook_deliveries d WHERE d.webhook_id = w.id AND ${isPing('d')} ${rowByRow})
  ), held AS MATERIALIZED (
    SELECT w.id, ${isPurger('w')} AS purges, w.probe_at, c.open FROM @webhooks w JOIN candidates c ON c.id = w.id AND c.turn = w.turn
    FOR NO KEY UPDATE OF w SKIP LOCKED
  ), room AS MATERIALIZED (
    SELECT h.id, h.purges, h.probe_at IS NOT NULL AS probes, h.open, CASE WHEN l.taken > l.mine THEN 0 WHEN h.purges THEN CASE WHEN l.taken = 0 THEN ${purgedTogetherMax} ELSE 0 END
      WHEN h.probe_at IS NULL THEN coalesce(($3::jsonb->>h.id::text)::int, ${atOnceMax}) - l.taken ELSE 1 - l.taken END AS room
    FROM held h CROSS JOIN LATERAL (SELECT count(*) AS taken, count(*) FILTER (WHERE l.id = ANY ($2::uuid[])) AS mine
      FROM @webhook_deliveries l WHERE l.webhook_id = h.id AND ${isTaken('l')}) l
  ), picked AS (${pickedSql}
  ), claimed AS (
    ${claimSql({ table: deliveriesTable, picked: 'SELECT id FROM picked', lease: '$1::uuid' })}
    RETURNING x.id, x.webhook_id, x.purpose, x.position, x.event_id, x.subject_id, x.attempts, x.repeats, x.lease_id
  ), turned AS (UPDATE @webhooks w SET turn = w.turn + 1 WHERE w.id IN (SELECT c.webhook_id FROM claimed c))
  SELECT (SELECT coalesce(json_agg(json_build_object('id', c.id, 'leaseId', c.lease_id, 'hookId', c.webhook_id, 'purpose', c.purpose,
      'eventId', c.event_id, 'subjectId', c.subject_id, 'attempts', c.attempts, 'repeats', c.repeats) ORDER BY c.position), '[]') FROM claimed c) AS deliveries,
    (SELECT coalesce(json_agg(${hookSql}), '[]') FROM @webhooks w WHERE w.id IN (SELECT c.webhook_id FROM claimed c)) AS hooks,
    (SELECT count(*) FROM held) < (SELECT count(*) FROM candidates) OR ${purgePends} AS again,
    (SELECT round(extract(epoch FROM min(coalesce(CASE WHEN w.probe_at > now() THEN w.probe_at END, (SELECT d.due_at FROM @webhook_deliveries d
        WHERE d.webhook_id = w.id AND ${isWaiting('d')} AND d.due_at > now() ORDER BY d.due_at LIMIT 1))) - now()) * 1000)::float8
      FROM @webhooks w WHERE w.enabled) AS "waitMs"
  FROM (SELECT ${withoutWaiting}) hasty`;

/**
 * `lease`: a new id for what is taken now. `mine`: what this process is still at, although its lease may have ended. `rooms`: how many
 * it wants to have of a webhook, by ids, where that is not what may be under way at once.
 */
export async function claimDeliveries(
  read: Read,
  { lease, mine, rooms }: { lease: string; mine: readonly string[]; rooms: ReadonlyMap<string, number> },
): Promise<Claimed> {
  const most = Math.max(atOnceMax, ...rooms.values());
  const values = [lease, mine, JSON.stringify(Object.fromEntries(rooms)), String(most)];
  const [claimed] = await read<Claimed>({ name: 'claim-deliveries', text }, values);
  if (claimed === undefined) throw new Error('a statement that gives one row gave none');
  return claimed;
}
