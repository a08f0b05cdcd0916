import { instantSql } from '../../article/read/view-sql.ts';
import type { Role } from '../../core/actor.ts';
import { conflict } from '../../core/errors.ts';
import { asciiMailAddress } from '../../core/mail-address.ts';
import { accountsTurn } from '../../core/turn-keys.ts';
import { uniqueViolation } from '../../db/errors.ts';
import { readJson } from '../../db/json-rows.ts';
import type { Read, Tx } from '../../db/tx.ts';

/** A user as it is shown, as JSON that Postgres made, with what headers and cursors need. */
export type UserRow = { id: string; email: string; version: number; json: string };

const shown = `u.id::text, u.email, u.version, (SELECT row_to_json(v) FROM (SELECT u.id AS "id", u.email AS "email", u.name AS "name",
  u.initials AS "initials", u.role AS "role", ${instantSql('u.disabled_at')} AS "disabledAt", u.version AS "version",
  ${instantSql('u.created_at')} AS "createdAt", ${instantSql('u.updated_at')} AS "updatedAt") v)::text AS body`;

const now = "date_trunc('milliseconds', now())";

const listStatement = {
  name: 'users-list',
  text: `SELECT ${shown} FROM @users u WHERE $1::text IS NULL OR (u.email COLLATE "C", u.id) > ($1::text, $2::uuid)
    ORDER BY u.email COLLATE "C", u.id LIMIT $3::int`,
};

/**
 * Users in the order of e-mail addresses. Keyset: `after` is the address and the id of the last user of the page before.
 */
export function listUsers(read: Read, after: readonly string[] | null, limit: number): Promise<UserRow[]> {
  return readJson<UserRow>(read, listStatement, [after?.[0] ?? null, after?.[1] ?? null, String(limit)]);
}

export async function findUser(read: Read, id: string): Promise<UserRow | null> {
  const rows = await readJson<UserRow>(
    read,
    { name: 'user', text: `SELECT ${shown} FROM @users u WHERE u.id = $1::uuid` },
    [id],
  );
  return rows[0] ?? null;
}

export async function findUserByEmail(read: Read, email: string): Promise<UserRow | null> {
  const text = `SELECT ${shown} FROM @users u WHERE u.email IN ($1::text, $2::text) ORDER BY u.email = $1::text DESC LIMIT 1`;
  return (await readJson<UserRow>(read, { text }, [email, asciiMailAddress(email)]))[0] ?? null;
}

/** What a change can touch, except the password. */
export type UserState = { email: string; name: string; initials: string | null; role: string; disabled: boolean };
export type LockedUser = UserState & { id: string; version: number };

/**
 * One user, if there is one, and every enabled admin, with their rows locked in the order of ids. So two changes which
 * together would leave no admin follow each other and cannot deadlock. The lock (NO KEY UPDATE) does not block foreign keys
 * to these rows: admins' writes go on meanwhile, and only their log-ins wait.
 */
export function lockWithAdmins(tx: Tx, id: string): Promise<LockedUser[]> {
  const text = `SELECT u.id::text, u.email, u.name, u.initials, u.role, u.disabled_at IS NOT NULL AS disabled, u.version FROM @users u
    WHERE u.id = $1::uuid OR (u.role = 'admin' AND u.disabled_at IS NULL) ORDER BY u.id FOR NO KEY UPDATE`;
  tx.turn(accountsTurn);
  return tx.read<LockedUser>({ text }, [id]);
}

/** Locks one user. Sessions, keys and links reference the row, so making one waits until the transaction ends. */
export async function lockUser(tx: Tx, id: string): Promise<{ version: number } | null> {
  const text = 'SELECT u.version FROM @users u WHERE u.id = $1::uuid FOR UPDATE';
  return (await tx.read<{ version: number }>({ text }, [id]))[0] ?? null;
}

/** Translates a violated index into a failure. */
async function written(rows: Promise<UserRow[]>): Promise<UserRow> {
  try {
    const [row] = await rows;
    if (row === undefined) throw new Error('a user that is being written is gone');
    return row;
  } catch (thrown) {
    if (uniqueViolation(thrown) !== 'users_email_key') throw thrown;
    throw conflict('email-taken', 'Another user has this e-mail address.');
  }
}

export type NewUser = {
  id: string;
  email: string;
  name: string;
  initials: string | null;
  role: Role;
  passwordHash: string;
};

export function insertUser(tx: Tx, user: NewUser): Promise<UserRow> {
  const text = `INSERT INTO @users AS u (id, email, name, initials, role, password_hash)
    VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text) RETURNING ${shown}`;
  return written(
    readJson<UserRow>(tx.read, { text }, [user.id, user.email, user.name, user.initials, user.role, user.passwordHash]),
  );
}

/** `endsTokens`: ends all access tokens made until now. `passwordHash`: null keeps the password. */
export type UserChange = { id: string; after: UserState; passwordHash: string | null; endsTokens: boolean };

export function updateUser(tx: Tx, { id, after, passwordHash, endsTokens }: UserChange): Promise<UserRow> {
  const text = `UPDATE @users AS u SET email = $2::text, name = $3::text, initials = $4::text, role = $5::text,
      disabled_at = CASE WHEN $6::boolean THEN coalesce(u.disabled_at, ${now}) END, password_hash = coalesce($7::text, u.password_hash),
      token_epoch = u.token_epoch + $8::int, version = u.version + 1, updated_at = ${now}
    WHERE u.id = $1::uuid RETURNING ${shown}`;
  const { email, name, initials, role, disabled } = after;
  return written(
    readJson<UserRow>(tx.read, { text }, [
      id,
      email,
      name,
      initials,
      role,
      String(disabled),
      passwordHash,
      endsTokens ? '1' : '0',
    ]),
  );
}

/**
 * Removes a user. Sessions go too; content stays, without a name. The foreign keys would do all of that, but each would
 * rewrite every article separately. Clearing both columns at once allows removing users who have written tens of thousands.
 */
export async function removeUser(tx: Tx, id: string): Promise<void> {
  const text = `UPDATE @articles SET created_by_id = nullif(created_by_id, $1::uuid), updated_by_id = nullif(updated_by_id, $1::uuid)
    WHERE created_by_id = $1::uuid OR updated_by_id = $1::uuid`;
  await tx.read({ text }, [id]);
  await tx.read({ text: 'DELETE FROM @users WHERE id = $1::uuid' }, [id]);
}

/** Blocks every other writer of users until the transaction ends. */
export async function lockAllUsers(tx: Tx): Promise<void> {
  await tx.read({ text: 'LOCK TABLE @users IN SHARE ROW EXCLUSIVE MODE' });
}

export async function hasUsers(read: Read): Promise<boolean> {
  const [row] = await read<{ present: boolean }>({ text: 'SELECT EXISTS (SELECT FROM @users) AS present' });
  return row?.present === true;
}

/** Among admins who can log in. */
export async function findOldestAdmin(read: Read): Promise<{ id: string; name: string } | null> {
  const text = `SELECT id::text, name FROM @users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY created_at, id LIMIT 1`;
  return (await read<{ id: string; name: string }>({ text }))[0] ?? null;
}
