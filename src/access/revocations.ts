import type { Tx } from '../db/tx.ts';

/** Revokes sessions, access keys and preview links. What has already ended is neither changed nor counted. */

const now = "date_trunc('milliseconds', now())";

/** Revokes all sessions of a user. Returns how many were still valid. */
export async function endSessions(tx: Tx, userId: string): Promise<number> {
  const text = `UPDATE @sessions SET revoked_at = ${now} WHERE user_id = $1::uuid AND revoked_at IS NULL AND expires_at > now() RETURNING id::text`;
  return (await tx.read({ text }, [userId])).length;
}

export type EndedKey = { id: string; version: number };

/** Revokes all access keys of a user. Returns those that were still valid, each with its new version. */
export function endKeys(tx: Tx, userId: string): Promise<EndedKey[]> {
  const text = `UPDATE @access_keys SET revoked_at = ${now}, version = version + 1
    WHERE user_id = $1::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) RETURNING id::text, version`;
  return tx.read<EndedKey>({ text }, [userId]);
}

async function endLinks(tx: Tx, which: string, value: string | readonly string[]): Promise<number> {
  const text = `UPDATE @previews p SET revoked_at = ${now} WHERE ${which} AND p.revoked_at IS NULL AND p.expires_at > now() RETURNING p.id::text`;
  return (await tx.read({ text }, [value])).length;
}

/** Revokes the preview links that were made with these keys. Returns how many were still valid. */
export const endLinksOfKeys = (tx: Tx, keyIds: readonly string[]): Promise<number> =>
  endLinks(tx, 'p.key_id = ANY($1::uuid[])', keyIds);

/** Revokes the preview links that a user made without a key. Returns how many were still valid. */
export const endLinksOfPerson = (tx: Tx, userId: string): Promise<number> =>
  endLinks(tx, 'p.created_by_id = $1::uuid AND p.key_id IS NULL', userId);
