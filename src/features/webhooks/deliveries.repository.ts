import { instantSql } from '../../article/read/view-sql.ts';
import { readJson } from '../../db/json-rows.ts';
import { binder } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { attemptsShown, type DeliveryState } from './deliveries.schema.ts';

/** A delivery as it is shown, as JSON that Postgres made, with what cursors need. */
export type DeliveryRow = { id: string; createdAt: string; json: string };

const now = "date_trunc('milliseconds', now())";

const members = `d.id AS "id", d.purpose AS "purpose", d.state AS "state", d.event_id AS "eventId", d.event_type AS "eventType",
  d.position AS "position", d.kind AS "kind", d.subject_id AS "subjectId", d.attempts AS "attemptsMade",
  CASE WHEN d.state = 'waiting' THEN ${instantSql('d.due_at')} END AS "dueAt", ${instantSql('d.created_at')} AS "createdAt",
  ${instantSql('d.ended_at')} AS "endedAt"`;

const attempts = `(SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (SELECT a.id AS "id", ${instantSql('a.at')} AS "at",
  a.took_ms AS "tookMs", a.status AS "status", a.failure AS "failure", a.answer AS "answer"
  FROM @webhook_attempts a WHERE a.delivery_id = d.id ORDER BY a.at DESC, a.id DESC LIMIT ${attemptsShown}) t) AS "attempts"`;

const rowOf = (shown: string) =>
  `d.id::text, ${instantSql('d.created_at')} AS "createdAt", (SELECT row_to_json(v) FROM (SELECT ${shown}) v)::text AS body`;

export type DeliveryFilter = {
  webhookId: string;
  states?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  subject?: string | undefined;
  /** Keyset: when the last delivery of the page before was made, and its id. */
  after: readonly string[] | null;
  limit: number;
};

/** Deliveries of a webhook, newest first. */
export function listDeliveries(read: Read, filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const { webhookId, states, kinds, subject, after, limit } = filter;
  const { bind, values } = binder([webhookId]);
  const [at, id] = after ?? [];
  const where = [
    'd.webhook_id = $1::uuid',
    at && id && `(d.created_at, d.id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`,
    // One state is written out, so that the index of the dead ones can serve.
    states?.length === 1 && states[0] === 'dead' && `d.state = 'dead'`,
    states && `d.state = ANY(${bind(states)}::text[])`,
    kinds && `d.kind = ANY(${bind(kinds)}::text[])`,
    subject && `d.subject_id = ${bind(subject)}::uuid`,
  ].filter((part) => typeof part === 'string');
  const text = `SELECT ${rowOf(members)} FROM @webhook_deliveries d WHERE ${where.join(' AND ')}
    ORDER BY d.created_at DESC, d.id DESC LIMIT ${bind(String(limit))}::int`;
  return readJson<DeliveryRow>(read, { text }, values);
}

/** A delivery with its attempts. */
export async function findDelivery(read: Read, webhookId: string, id: string): Promise<DeliveryRow | null> {
  const text = `SELECT ${rowOf(`${members}, ${attempts}`)} FROM @webhook_deliveries d
    WHERE d.webhook_id = $1::uuid AND d.id = $2::uuid AND EXISTS (SELECT FROM @webhooks w WHERE w.id = d.webhook_id)`;
  return (await readJson<DeliveryRow>(read, { name: 'webhook-delivery', text }, [webhookId, id]))[0] ?? null;
}

export async function hasWebhook(read: Read, id: string): Promise<boolean> {
  return (await read({ text: 'SELECT 1 AS found FROM @webhooks WHERE id = $1::uuid' }, [id])).length > 0;
}

export type LockedDelivery = { id: string; state: DeliveryState; due: boolean };

export async function lockDelivery(tx: Tx, webhookId: string, id: string): Promise<LockedDelivery | null> {
  const text = `SELECT d.id::text, d.state, d.due_at <= now() AS due FROM @webhook_deliveries d
    WHERE d.webhook_id = $1::uuid AND d.id = $2::uuid FOR UPDATE`;
  return (await tx.read<LockedDelivery>({ text }, [webhookId, id]))[0] ?? null;
}

// Leases stay in all of this: a process that is sending a delivery just now still writes down what came of it.

const skipped = `state = 'skipped', ended_at = ${now}`;

export async function skipDelivery(tx: Tx, id: string): Promise<void> {
  await tx.read({ text: `UPDATE @webhook_deliveries SET ${skipped} WHERE id = $1::uuid RETURNING id::text` }, [id]);
}

const anew = `state = 'waiting', attempts = 0, due_at = ${now}, ended_at = NULL`;

/** Sends it anew, as if it had never been tried. */
export async function sendAnew(tx: Tx, id: string): Promise<void> {
  await tx.read({ text: `UPDATE @webhook_deliveries SET ${anew} WHERE id = $1::uuid RETURNING id::text` }, [id]);
}

/** The same of the dead ones of a webhook, `max` at most and oldest first. Returns how many. */
export async function sendDeadAnew(tx: Tx, webhookId: string, max: number): Promise<{ sent: number; more: boolean }> {
  const dead = `@webhook_deliveries d WHERE d.webhook_id = $1::uuid AND d.state = 'dead' AND d.purpose <> 'ping'`;
  const text = `WITH dead AS MATERIALIZED (SELECT d.id FROM ${dead} ORDER BY d.created_at, d.id LIMIT ${max} FOR UPDATE),
      sent AS (UPDATE @webhook_deliveries s SET ${anew} FROM dead WHERE s.id = dead.id RETURNING 1)
    SELECT count(*)::int AS sent FROM sent`;
  const [row] = await tx.read<{ sent: number }>({ text }, [webhookId]);
  const [left] = await tx.read<{ more: boolean }>({ text: `SELECT EXISTS (SELECT FROM ${dead}) AS more` }, [webhookId]);
  return { sent: row?.sent ?? 0, more: left?.more === true };
}

/** What waits for its next attempt is due at once, in its order: of a webhook, or one delivery of it. */
export async function sendSoon(tx: Tx, webhookId: string, id: string | null = null): Promise<void> {
  const text = `UPDATE @webhook_deliveries d SET due_at = ${now} WHERE d.webhook_id = $1::uuid AND d.state = 'waiting'
    AND d.due_at > now() AND ($2::uuid IS NULL OR d.id = $2::uuid) RETURNING d.id::text`;
  await tx.read({ text }, [webhookId, id]);
}

/** Ends the pause of a receiver that fails, so that it is asked at once. Returns whether there was one. */
export async function probeSoon(tx: Tx, webhookId: string): Promise<boolean> {
  const text = `UPDATE @webhooks SET probe_at = ${now} WHERE id = $1::uuid AND probe_at > now() RETURNING id::text`;
  return (await tx.read({ text }, [webhookId])).length > 0;
}

/** Stores a ping; one that still waits is skipped for it. */
export async function insertPing(tx: Tx, webhookId: string, id: string): Promise<void> {
  const former = `UPDATE @webhook_deliveries SET ${skipped}
    WHERE webhook_id = $1::uuid AND state = 'waiting' AND purpose = 'ping' RETURNING id::text`;
  await tx.read({ text: former }, [webhookId]);
  const text = `INSERT INTO @webhook_deliveries (id, webhook_id, purpose, event_type, kind, subject_id)
    VALUES ($1::uuid, $2::uuid, 'ping', 'webhook.ping', 'webhook', $2::uuid) RETURNING id::text`;
  await tx.read({ text }, [id, webhookId]);
}
