import { instantSql } from '../../article/read/view-sql.ts';
import type { Role } from '../../core/actor.ts';
import { keyTurn } from '../../core/turn-keys.ts';
import { readJson } from '../../db/json-rows.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { deadSql } from '../../labels/key-limits.ts';

/** A key as it is shown, as JSON that Postgres made, with what headers and cursors need. */
export type KeyRow = { id: string; version: number; json: string };

const shown = `k.id::text, k.version, (SELECT row_to_json(v) FROM (SELECT k.id AS "id", k.name AS "name", k.role AS "role",
  k.read_only AS "readOnly", k.source_ids AS "sources", k.tag_ids AS "tags", ${deadSql} AS "dead",
  (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND EXISTS (SELECT FROM @users u WHERE u.id = k.user_id AND u.disabled_at IS NOT NULL)) AS "suspended",
  k.user_id AS "user", ${instantSql('k.created_at')} AS "createdAt",
  ${instantSql('k.expires_at')} AS "expiresAt", ${instantSql('k.last_used_at')} AS "lastUsedAt", ${instantSql('k.revoked_at')} AS "revokedAt") v)::text AS body`;

/** Keys, newest first: ids begin with their time. */
export function listKeys(read: Read, after: string | null, limit: number): Promise<KeyRow[]> {
  const text = `SELECT ${shown} FROM @access_keys k WHERE $1::uuid IS NULL OR k.id < $1::uuid ORDER BY k.id DESC LIMIT $2::int`;
  return readJson<KeyRow>(read, { name: 'keys-list', text }, [after, String(limit)]);
}

export async function findKey(read: Read, id: string): Promise<KeyRow | null> {
  const rows = await readJson<KeyRow>(
    read,
    { name: 'key', text: `SELECT ${shown} FROM @access_keys k WHERE k.id = $1::uuid` },
    [id],
  );
  return rows[0] ?? null;
}

export type NewKey = {
  id: string;
  userId: string;
  name: string;
  role: Role;
  readOnly: boolean;
  sourceIds: readonly string[];
  tagIds: readonly string[];
  expiresAt: string | null;
};

export async function insertKey(tx: Tx, { sourceIds, tagIds, ...key }: NewKey): Promise<void> {
  await tx.models.accessKey.create({
    data: { ...key, sourceIds: [...sourceIds], tagIds: [...tagIds] },
    select: { id: true },
  });
}

/** Whether an instant is in the future, by the database's clock. */
export async function isAhead(tx: Tx, instant: string): Promise<boolean> {
  const [row] = await tx.read<{ ahead: boolean }>({ text: 'SELECT $1::timestamptz > now() AS ahead' }, [instant]);
  return row?.ahead === true;
}

export async function lockKey(tx: Tx, id: string): Promise<{ version: number; revoked: boolean } | null> {
  const text = 'SELECT version, revoked_at IS NOT NULL AS revoked FROM @access_keys WHERE id = $1::uuid FOR UPDATE';
  tx.turn(keyTurn(id));
  return (await tx.read<{ version: number; revoked: boolean }>({ text }, [id]))[0] ?? null;
}

export async function revokeKey(tx: Tx, id: string): Promise<void> {
  const text = `UPDATE @access_keys SET revoked_at = date_trunc('milliseconds', now()), version = version + 1 WHERE id = $1::uuid RETURNING id::text`;
  await tx.read({ text }, [id]);
}

export type KeyActorRow = {
  user_id: string;
  name: string;
  key_role: string;
  user_role: string;
  read_only: boolean;
  dead: boolean;
  source_ids: string[];
  tag_ids: string[];
};

const actorStatement = {
  name: 'key-actor',
  text: `WITH used AS (UPDATE @access_keys SET last_used_at = date_trunc('milliseconds', now()) WHERE id = $1::uuid
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute') RETURNING id)
    SELECT u.id::text AS user_id, k.name, k.role AS key_role, u.role AS user_role, k.read_only, ${deadSql} AS dead, k.source_ids::text[], k.tag_ids::text[]
    FROM @access_keys k JOIN @users u ON u.id = k.user_id
    WHERE k.id = $1::uuid AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.disabled_at IS NULL`,
};

/**
 * The user for whom a key acts, if the key is valid and the user may still log in. Notes the use of the key, at most once a
 * minute.
 */
export async function findKeyActor(read: Read, keyId: string): Promise<KeyActorRow | null> {
  return (await read<KeyActorRow>(actorStatement, [keyId]))[0] ?? null;
}
