import { instantSql } from '../../article/read/view-sql.ts';
import { webhookTurn } from '../../core/turn-keys.ts';
import { readJson } from '../../db/json-rows.ts';
import { parameters } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';
import type { HookType } from '../../delivery/webhooks.ts';

/** A webhook as it is shown, as JSON that Postgres made, with what headers and cursors need. */
export type WebhookRow = { id: string; version: number; json: string };

const now = "date_trunc('milliseconds', now())";

const shown = `w.id::text, w.version, (SELECT row_to_json(v) FROM (SELECT w.id AS "id", w.type AS "type", w.name AS "name", w.url AS "url",
  w.options->>'serviceId' AS "serviceId", w.options->>'zoneId' AS "zoneId", w.audience AS "audience",
  CASE WHEN w.with_item THEN '["item"]'::json ELSE '[]'::json END AS "include", w.kinds AS "kinds", w.events AS "events",
  w.tag_ids AS "tags", w.source_ids AS "sources", w.languages AS "languages", w.enabled AS "enabled", w.disabled_reason AS "disabledReason",
  w.failures AS "failures", ${instantSql('w.failing_since')} AS "failingSince", ${instantSql('w.probe_at')} AS "nextProbeAt",
  ${instantSql('w.succeeded_at')} AS "succeededAt",
  CASE WHEN w.previous_secret IS NOT NULL AND w.previous_until > now() THEN ${instantSql('w.previous_until')} END AS "previousSecretUntil",
  w.version AS "version", w.created_by_id AS "createdBy", ${instantSql('w.created_at')} AS "createdAt", ${instantSql('w.updated_at')} AS "updatedAt") v)::text AS body`;

/** Webhooks, newest first: ids begin with their time. */
export function listWebhooks(read: Read, after: string | null, limit: number): Promise<WebhookRow[]> {
  const text = `SELECT ${shown} FROM @webhooks w WHERE $1::uuid IS NULL OR w.id < $1::uuid ORDER BY w.id DESC LIMIT $2::int`;
  return readJson<WebhookRow>(read, { name: 'webhooks-list', text }, [after, String(limit)]);
}

export async function findWebhook(read: Read, id: string): Promise<WebhookRow | null> {
  const text = `SELECT ${shown} FROM @webhooks w WHERE w.id = $1::uuid`;
  return (await readJson<WebhookRow>(read, { name: 'webhook', text }, [id]))[0] ?? null;
}

/** What a caller can set, except the secret. */
export type WebhookState = {
  name: string;
  url: string;
  serviceId: string | null;
  zoneId: string | null;
  audience: 'public' | 'staff';
  withItem: boolean;
  kinds: readonly string[];
  events: readonly string[];
  tagIds: readonly string[];
  sourceIds: readonly string[];
  languages: readonly string[];
  enabled: boolean;
};

export type LockedWebhook = WebhookState & {
  id: string;
  version: number;
  type: HookType;
  /** Sealed. */
  secret: string;
  disabledReason: string | null;
  /** Whether something failed since the last success, or a pause keeps everything back. */
  fails: boolean;
};

/** Locks a webhook. The lock does not block those who add deliveries to it. */
export async function lockWebhook(tx: Tx, id: string): Promise<LockedWebhook | null> {
  const text = `SELECT w.id::text, w.version, w.type, w.secret, w.disabled_reason AS "disabledReason", w.name, w.url,
      w.failures > 0 OR w.probe_at IS NOT NULL AS fails, w.options->>'serviceId' AS "serviceId", w.options->>'zoneId' AS "zoneId", w.audience, w.with_item AS "withItem", w.kinds, w.events,
      w.tag_ids::text[] AS "tagIds", w.source_ids::text[] AS "sourceIds", w.languages, w.enabled
    FROM @webhooks w WHERE w.id = $1::uuid FOR NO KEY UPDATE`;
  tx.turn(webhookTurn(id));
  return (await tx.read<LockedWebhook>({ text }, [id]))[0] ?? null;
}

/** SQL that forgets, if a condition holds, what failed until now. */
const begunIf = (condition: string) => `failures = CASE WHEN ${condition} THEN 0 ELSE w.failures END,
    failing_since = CASE WHEN ${condition} THEN NULL ELSE w.failing_since END, probe_at = CASE WHEN ${condition} THEN NULL ELSE w.probe_at END`;

const stateTypes = {
  ...{ name: 'text', url: 'text', options: 'jsonb', audience: 'text', with_item: 'boolean', kinds: 'text[]' },
  ...{ events: 'text[]', tag_ids: 'uuid[]', source_ids: 'uuid[]', languages: 'text[]', enabled: 'boolean' },
} as const;
const stateColumns = [
  ...(['name', 'url', 'options', 'audience', 'with_item', 'kinds'] as const),
  ...(['events', 'tag_ids', 'source_ids', 'languages', 'enabled'] as const),
];
const columns = stateColumns.join(', ');

const optionsOf = ({ serviceId, zoneId }: Pick<WebhookState, 'serviceId' | 'zoneId'>) =>
  JSON.stringify({ ...(serviceId === null ? {} : { serviceId }), ...(zoneId === null ? {} : { zoneId }) });

const stateValues = ({ name, url, audience, kinds, events, languages, ...rest }: WebhookState) => ({
  ...{ name, url, options: optionsOf(rest), audience, with_item: String(rest.withItem), kinds },
  ...{ events, tag_ids: rest.tagIds, source_ids: rest.sourceIds, languages, enabled: String(rest.enabled) },
});

const insertTypes = { id: 'uuid', type: 'text', secret: 'text', position: 'bigint', created_by_id: 'uuid' } as const;
const insertNames = ['id', 'type', 'secret', 'position', 'created_by_id'] as const;
const inserting = parameters([...insertNames, 'max', ...stateColumns], (name) =>
  name === 'max' ? 'int' : { ...insertTypes, ...stateTypes }[name],
);
const insertText = `INSERT INTO @webhooks (${insertNames.join(', ')}, ${columns})
  SELECT ${[...insertNames, ...stateColumns].map(inserting.at).join(', ')}
  WHERE (SELECT count(*) FROM @webhooks) < ${inserting.at('max')} RETURNING id::text`;

export type NewWebhook = {
  id: string;
  type: HookType;
  /** Sealed. */
  secret: string;
  /** The last change that it is not told. */
  position: string;
  createdById: string;
};

/** Stores a webhook; false if there are `max` already. The caller holds a lock under which nobody else adds one. */
export async function insertWebhook(tx: Tx, webhook: NewWebhook, state: WebhookState, max: number): Promise<boolean> {
  const { createdById: created_by_id, id, type, secret, position } = webhook;
  const values = { id, type, secret, position, created_by_id, max: String(max), ...stateValues(state) };
  return (await tx.read({ text: insertText }, inserting.bind(values))).length > 0;
}

const updating = parameters(['id', 'secret', 'begins', ...stateColumns], (name) =>
  name === 'id' ? 'uuid' : name === 'secret' ? 'text' : name === 'begins' ? 'boolean' : stateTypes[name],
);
const updateText = `UPDATE @webhooks w SET (${columns}) = ROW(${stateColumns.map(updating.at).join(', ')}),
    secret = coalesce(${updating.at('secret')}, w.secret),
    disabled_reason = CASE WHEN ${updating.at('enabled')} THEN NULL ELSE w.disabled_reason END,
    ${begunIf(updating.at('begins'))}, version = w.version + 1, updated_at = ${now}
  WHERE w.id = ${updating.at('id')} RETURNING ${shown}`;

/** What a change does besides: `secret` is sealed, null keeps it; `begins` forgets what failed until now. */
export type WebhookChange = { id: string; secret: string | null; begins: boolean };

export function updateWebhook(tx: Tx, change: WebhookChange, after: WebhookState): Promise<WebhookRow> {
  const { id, secret, begins } = change;
  const values = updating.bind({ id, secret, begins: String(begins), ...stateValues(after) });
  return written(readJson<WebhookRow>(tx.read, { text: updateText }, values));
}

/** Forgets what failed until now: no version, since attempts change the same without one. */
export function forgetFailures(tx: Tx, id: string): Promise<WebhookRow> {
  const text = `UPDATE @webhooks w SET ${begunIf('TRUE')} WHERE w.id = $1::uuid RETURNING ${shown}`;
  return written(readJson<WebhookRow>(tx.read, { text }, [id]));
}

/** Hours for which the secret before a rotation signs too. */
const bothSignHours = 24;

/** `keeps`: whether the secret of until now signs for some time; otherwise nothing could be sent, and sending begins anew. */
export type Rotation = { id: string; secret: string; keeps: boolean; enabled: boolean };

export function rotateSecret(tx: Tx, { id, secret, keeps, enabled }: Rotation): Promise<WebhookRow> {
  const text = `UPDATE @webhooks w SET previous_secret = CASE WHEN $3::boolean THEN w.secret END,
      previous_until = CASE WHEN $3::boolean THEN ${now} + interval '${bothSignHours} hours' END, secret = $2::text, enabled = $4::boolean,
      disabled_reason = CASE WHEN $4::boolean THEN NULL ELSE w.disabled_reason END, ${begunIf('NOT $3::boolean')},
      version = w.version + 1, updated_at = ${now}
    WHERE w.id = $1::uuid RETURNING ${shown}`;
  return written(readJson<WebhookRow>(tx.read, { text }, [id, secret, String(keeps), String(enabled)]));
}

async function written(rows: Promise<WebhookRow[]>): Promise<WebhookRow> {
  const [row] = await rows;
  if (row === undefined) throw new Error('a webhook that is being written is gone');
  return row;
}

/** The most deliveries that are removed with their webhook. */
const removedMax = 2_000;

/**
 * What is still to be sent goes with it, as long as it is not too much for one statement; housekeeping removes the rest of
 * its deliveries. Nobody adds some meanwhile: who does holds the webhook's lock.
 */
export async function removeWebhook(tx: Tx, id: string): Promise<void> {
  const some = `SELECT d.ctid FROM @webhook_deliveries d WHERE d.webhook_id = $1::uuid AND d.state IN ('waiting', 'dead') LIMIT ${removedMax}`;
  await tx.read({ text: `DELETE FROM @webhook_deliveries WHERE ctid = ANY (ARRAY(${some})) RETURNING 1 AS gone` }, [
    id,
  ]);
  await tx.read({ text: 'DELETE FROM @webhooks WHERE id = $1::uuid RETURNING id::text' }, [id]);
}

/** Sealed secrets of a webhook. */
export type StoredSecrets = { id: string; secret: string; previousSecret: string | null };
export type SecretRow = StoredSecrets & { enabled: boolean; disabledReason: string | null };

/** The secrets of all webhooks, with their rows locked if asked for. */
export function readSecrets(read: Read, lock: '' | 'FOR NO KEY UPDATE' = ''): Promise<SecretRow[]> {
  const text = `SELECT w.id::text, w.secret, w.previous_secret AS "previousSecret", w.enabled, w.disabled_reason AS "disabledReason"
    FROM @webhooks w ORDER BY w.id ${lock}`;
  return read<SecretRow>({ text });
}

/** The same secrets in another seal: no version, since nothing that is shown changes. */
export async function storeSecrets(tx: Tx, { id, secret, previousSecret }: StoredSecrets): Promise<void> {
  const text =
    'UPDATE @webhooks SET secret = $2::text, previous_secret = $3::text WHERE id = $1::uuid RETURNING id::text';
  await tx.read({ text }, [id, secret, previousSecret]);
}

/** Enables or disables webhooks, for a reason that is no admin's. One that an admin has disabled stays as it is. */
export function turn(
  tx: Tx,
  ids: readonly string[],
  { enabled, reason }: { enabled: boolean; reason: string | null },
): Promise<{ id: string; version: number }[]> {
  const text = `UPDATE @webhooks w SET enabled = $2::boolean, disabled_reason = $3::text, ${begunIf('$2::boolean')},
      version = w.version + 1, updated_at = ${now}
    WHERE w.id = ANY($1::uuid[]) AND w.enabled <> $2::boolean RETURNING w.id::text, w.version`;
  return tx.read({ text }, [ids, String(enabled), reason]);
}
