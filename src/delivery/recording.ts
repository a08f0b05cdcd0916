import { noCause } from '../core/actor.ts';
import { newId } from '../core/ids.ts';
import { freed, isOurs, withoutWaiting } from '../db/claims.ts';
import type { Db } from '../db/client.ts';
import type { Read } from '../db/tx.ts';
import { recordEvent } from '../outbox/record.ts';
import { type Attempt, explainFailure, type Fate, fateOf, healthOf } from './outcomes.ts';

/** Writes down what came of attempts: many in one statement. */

/** After so many failures in a row one delivery at a time is tried, until one is taken. */
const probedAfter = 5;

/** A webhook that was told nothing but failures for so long is disabled. */
const disabledAfterDays = 3;

const failed = 'CASE WHEN t.succeeded THEN t.failed ELSE w.failures + t.failed END';
const millisecond = "interval '1 millisecond'";

/** A webhook is locked before its deliveries, as whoever removes it does. A delivery that was skipped meanwhile stays so. */
const text = `WITH o AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb)
      o (id uuid, lease_id uuid, state text, pause int, repeats int, attempt uuid, at float8, took int, status int, failure text, answer text)
  ), t AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($2::jsonb)
      t (id uuid, succeeded boolean, failed int, since float8, "probeMs" int, asked boolean, gone boolean)
  ), held AS MATERIALIZED (
    SELECT w.id FROM @webhooks w WHERE w.id = ANY ($3::uuid[]) ORDER BY w.id FOR NO KEY UPDATE
  ), ended AS (
    UPDATE @webhook_deliveries d SET ${freed}, attempts = d.attempts + 1, repeats = o.repeats,
      state = CASE WHEN d.state = 'waiting' THEN o.state ELSE d.state END,
      due_at = CASE WHEN d.state = 'waiting' AND o.state = 'waiting' THEN now() + o.pause * ${millisecond} ELSE d.due_at END,
      ended_at = CASE WHEN d.state = 'waiting' AND o.state <> 'waiting' THEN now() ELSE d.ended_at END
    FROM o WHERE ${isOurs('d', 'o')} AND d.webhook_id IN (SELECT h.id FROM held h)
    RETURNING d.id, o.attempt, o.at, o.took, o.status, o.failure, o.answer
  ), logged AS (
    INSERT INTO @webhook_attempts (id, delivery_id, at, took_ms, status, failure, answer)
    SELECT e.attempt, e.id, to_timestamp(e.at / 1000), e.took, e.status, e.failure, e.answer FROM ended e
  ), told AS (
    UPDATE @webhooks w SET failures = ${failed},
      failing_since = CASE WHEN t.failed = 0 THEN NULL WHEN t.succeeded THEN to_timestamp(t.since / 1000) ELSE coalesce(w.failing_since, to_timestamp(t.since / 1000)) END,
      probe_at = CASE WHEN t.failed > 0 AND (${failed} >= ${probedAfter} OR t.asked) THEN now() + t."probeMs" * ${millisecond}
        WHEN t.succeeded AND (w.failures >= ${probedAfter} OR w.probe_at <= now()) THEN NULL ELSE w.probe_at END,
      succeeded_at = CASE WHEN t.succeeded THEN now() ELSE w.succeeded_at END
    FROM t WHERE w.id = t.id AND w.id IN (SELECT h.id FROM held h)
    RETURNING w.id, w.enabled, t.gone, w.failing_since <= now() - interval '${disabledAfterDays} days' AS failing
  )
  SELECT t.id::text, CASE WHEN t.gone THEN 'gone' ELSE 'failing' END AS reason
  FROM (SELECT ${withoutWaiting}) hasty CROSS JOIN told t WHERE t.enabled AND (t.gone OR t.failing)`;

const statement = { name: 'record-attempts', text };

export type Disabled = { id: string; reason: 'gone' | 'failing' };

const rowOf = ({ delivery, at, tookMs, answer, fate }: Attempt & { fate: Fate }) => ({
  id: delivery.id,
  lease_id: delivery.leaseId,
  state: fate.state,
  pause: fate.pauseMs,
  repeats: fate.repeats,
  attempt: newId(),
  at,
  took: Math.round(tookMs),
  status: answer.status,
  failure: explainFailure(answer, delivery.purpose === 'ping'),
  answer: answer.text,
});

/** Disables a webhook for what came of its deliveries, and records that as an event. */
const disable = (db: Pick<Db, 'transaction'>, { id, reason }: Disabled): Promise<void> =>
  db.transaction(async (tx) => {
    const text = `UPDATE @webhooks w SET enabled = FALSE, disabled_reason = $2::text, version = w.version + 1, updated_at = date_trunc('milliseconds', now())
      WHERE w.id = $1::uuid AND w.enabled RETURNING w.version`;
    const [row] = await tx.read<{ version: number }>({ text }, [id, reason]);
    if (row === undefined) return;
    const event = { type: 'webhook.disabled', subjectType: 'webhook', subjectId: id, version: row.version } as const;
    await recordEvent(tx, { ...event, ...noCause, keys: [], data: { reason } });
  });

/** Records attempts in the order in which they ended; gives what became of each. What is not ours any more is left alone. */
export async function recordAttempts(
  db: Pick<Db, 'transaction'> & { read: Read },
  attempts: readonly Attempt[],
  told: (disabled: Disabled) => void,
): Promise<Fate[]> {
  const ended = attempts.map((attempt) => ({ ...attempt, fate: fateOf(attempt) }));
  const hooks = [...new Set(attempts.map(({ hook }) => hook.id))];
  const values = [JSON.stringify(ended.map(rowOf)), JSON.stringify(healthOf(ended)), hooks];
  for (const disabled of await db.read<Disabled>(statement, values)) {
    await disable(db, disabled);
    told(disabled);
  }
  return ended.map(({ fate }) => fate);
}
