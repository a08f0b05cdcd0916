import { endSessions } from '../../access/revocations.ts';
import { asciiMailAddress } from '../../core/mail-address.ts';
import { sessionTurn } from '../../core/turn-keys.ts';
import type { Read, Tx } from '../../db/tx.ts';

export type AccountRow = {
  id: string;
  email: string;
  name: string;
  initials: string | null;
  role: string;
  token_epoch: number;
  version: number;
};
export type LoginRow = AccountRow & { password_hash: string };
export type FamilyRow = AccountRow & { generation: number; token_hash: string; alive: boolean; recent: boolean };

const account = 'u.id::text AS id, u.email, u.name, u.initials, u.role, u.token_epoch, u.version';

const actorStatement = {
  name: 'auth-actor',
  text: `SELECT ${account} FROM @users u JOIN @sessions s ON s.user_id = u.id
    WHERE u.id = $1::uuid AND s.id = $2::uuid AND u.token_epoch = $3::int AND u.disabled_at IS NULL AND s.revoked_at IS NULL`,
};

/** The user of an access token. Null if the epoch has changed since, the user is disabled or the session has ended. */
export async function findActor(
  read: Read,
  claims: { userId: string; sessionId: string; epoch: number },
): Promise<AccountRow | null> {
  const rows = await read<AccountRow>(actorStatement, [claims.userId, claims.sessionId, String(claims.epoch)]);
  return rows[0] ?? null;
}

export async function findLogin(read: Read, email: string): Promise<LoginRow | null> {
  const text = `SELECT ${account}, u.password_hash FROM @users u WHERE u.email IN ($1, $2) AND u.disabled_at IS NULL
    ORDER BY u.email = $1 DESC LIMIT 1`;
  return (await read<LoginRow>({ name: 'auth-login', text }, [email, asciiMailAddress(email)]))[0] ?? null;
}

export async function findAccount(read: Read, userId: string): Promise<LoginRow | null> {
  const text = `SELECT ${account}, u.password_hash FROM @users u WHERE u.id = $1::uuid`;
  return (await read<LoginRow>({ name: 'auth-account', text }, [userId]))[0] ?? null;
}

const lifetime = "interval '30 days'";
const grace = "interval '30 seconds'";

/**
 * Begins a session, if the user is still as when the password was checked. The lock makes a change of the password or
 * account come before or after this, never in between. Returns whether the session began.
 */
export async function insertSession(
  tx: Tx,
  session: { id: string; userId: string; tokenHash: string; epoch: number },
): Promise<boolean> {
  const text = `WITH u AS (SELECT id FROM @users WHERE id = $2::uuid AND token_epoch = $4::int AND disabled_at IS NULL FOR SHARE)
    INSERT INTO @sessions (id, user_id, token_hash, expires_at) SELECT $1::uuid, u.id, $3::text, now() + ${lifetime} FROM u RETURNING id::text`;
  const rows = await tx.read<{ id: string }>({ text }, [
    session.id,
    session.userId,
    session.tokenHash,
    String(session.epoch),
  ]);
  return rows.length === 1;
}

/**
 * The session (token family) with its user. Locked, so that two uses of one token follow each other. `recent`: whether the
 * token of this generation was used within the grace period. The last entry of `recent_uses` is the use of the token before
 * the current one.
 */
export async function lockFamily(
  tx: Tx,
  { sessionId, generation }: { sessionId: string; generation: number },
): Promise<FamilyRow | null> {
  const text = `SELECT ${account}, s.generation, s.token_hash,
      (s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL) AS alive,
      coalesce(s.recent_uses[cardinality(s.recent_uses) + 1 - (s.generation - $2::int)] > now() - ${grace}, false) AS recent
    FROM @sessions s JOIN @users u ON u.id = s.user_id WHERE s.id = $1::uuid FOR UPDATE OF s`;
  tx.turn(sessionTurn(sessionId));
  return (await tx.read<FamilyRow>({ text }, [sessionId, String(generation)]))[0] ?? null;
}

/** How many uses are remembered. A client that refreshes more often within the grace period has to log in again. */
const usesMax = 20;

export async function rotateFamily(tx: Tx, sessionId: string, generation: number, tokenHash: string): Promise<void> {
  const text = `UPDATE @sessions SET generation = $2::int, token_hash = $3,
      recent_uses = (recent_uses || date_trunc('milliseconds', now())::timestamptz(3))[greatest(1, cardinality(recent_uses) + 2 - ${usesMax}):],
      expires_at = now() + ${lifetime} WHERE id = $1::uuid RETURNING id::text`;
  await tx.read({ text }, [sessionId, String(generation), tokenHash]);
}

const revoked = "revoked_at = coalesce(revoked_at, date_trunc('milliseconds', now()))";

export async function revokeSession(read: Read, sessionId: string): Promise<void> {
  await read({ text: `UPDATE @sessions SET ${revoked} WHERE id = $1::uuid RETURNING id::text` }, [sessionId]);
}

/**
 * Stores another hash of the same password, if the checked hash is still stored. The account does not change by it, so the
 * version stays.
 */
export async function renewHash(tx: Tx, userId: string, passwordHash: string, before: string): Promise<void> {
  const text = `UPDATE @users SET password_hash = $2 WHERE id = $1::uuid AND password_hash = $3 RETURNING id::text`;
  await tx.read({ text }, [userId, passwordHash, before]);
}

/**
 * Replaces the password and ends every session and token of the user. Null if the stored hash is no longer the one that was
 * checked.
 */
export async function replacePassword(
  tx: Tx,
  userId: string,
  passwordHash: string,
  before: string,
): Promise<AccountRow | null> {
  const text = `UPDATE @users u SET password_hash = $2, token_epoch = token_epoch + 1, version = version + 1,
      updated_at = date_trunc('milliseconds', now()) WHERE u.id = $1::uuid AND u.password_hash = $3 RETURNING ${account}`;
  const [row] = await tx.read<AccountRow>({ text }, [userId, passwordHash, before]);
  if (row !== undefined) await endSessions(tx, userId);
  return row ?? null;
}

/** Forgets the counts of all keys with this prefix. */
export async function forgetFailures(read: Read, keyPrefix: string): Promise<void> {
  const text = 'DELETE FROM @rate_limits WHERE starts_with(key, $1) RETURNING key';
  await read({ text }, [keyPrefix]);
}
