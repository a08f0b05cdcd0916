import type { Tx } from '../db/tx.ts';

/** Ending what lets somebody in: sessions, access keys, and links that show an article. What has ended already is not counted. */

const now = "date_trunc('milliseconds', now())";

/** Gives the number of sessions that were good until now. */
export async function endSessions(tx: Tx, userId: string): Promise<number> {
  const text = `UPDATE @sessions SET revoked_at = ${now} WHERE user_id = $1::uuid AND revoked_at IS NULL AND expires_at > now() RETURNING id::text`;
  return (await tx.read({ text }, [userId])).length;
}

export type EndedKey = { id: string; version: number };

/** Gives the keys that were good until now, each with its version after that. */
export function endKeys(tx: Tx, userId: string): Promise<EndedKey[]> {
  const text = `UPDATE @access_keys SET revoked_at = ${now}, version = version + 1
    WHERE user_id = $1::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) RETURNING id::text, version`;
  return tx.read<EndedKey>({ text }, [userId]);
}

async function endLinks(tx: Tx, which: string, value: string | readonly string[]): Promise<number> {
  const text = `UPDATE @previews p SET revoked_at = ${now} WHERE ${which} AND p.revoked_at IS NULL AND p.expires_at > now() RETURNING p.id::text`;
  return (await tx.read({ text }, [value])).length;
}

/** Ends the preview links that were made with these keys; gives their number. */
export const endLinksOfKeys = (tx: Tx, keyIds: readonly string[]): Promise<number> =>
  endLinks(tx, 'p.key_id = ANY($1::uuid[])', keyIds);

/** Ends the preview links that somebody made without a key. */
export const endLinksOfPerson = (tx: Tx, userId: string): Promise<number> =>
  endLinks(tx, 'p.created_by_id = $1::uuid AND p.key_id IS NULL', userId);
