import { type Role, roles } from '../../core/actor.ts';
import { type Answer, answer, jsonMadeBySql, toJson } from '../../http/json.ts';
import type { AccountRow } from './auth.repository.ts';
import type { AccountView, CallerView, TokensView } from './auth.schema.ts';

const isRole = (text: string): text is AccountView['role'] => roles.some((role) => role === text);

/** The role of a row; the table admits no other word. */
export function roleOf(row: { role: string }): AccountView['role'] {
  if (!isRole(row.role)) throw new Error('a user without a role');
  return row.role;
}

export const presentAccount = (row: AccountRow): AccountView => ({
  id: row.id,
  email: row.email,
  name: row.name,
  initials: row.initials,
  role: roleOf(row),
});

/** A machine is told for whom it acts, and not with what address that account logs in. */
export function presentCaller({ row, role, key }: Caller): Answer<CallerView> {
  const account = presentAccount(row);
  if (key === null) return answer(toJson({ ...account, key: null }), { version: row.version });
  const shown = JSON.stringify({ ...account, email: null, role });
  return answer(jsonMadeBySql<CallerView>(`${shown.slice(0, -1)},"key":${key.body}}`), { version: key.version });
}

export const presentTokens = (
  row: AccountRow,
  tokens: { accessToken: string; refreshToken: string; expiresIn: number },
): TokensView => ({
  accessToken: tokens.accessToken,
  tokenType: 'Bearer',
  expiresIn: tokens.expiresIn,
  refreshToken: tokens.refreshToken,
  user: presentAccount(row),
});

/** The account of the caller, what the caller may do now, and the access key of a machine. */
export type Caller = { row: AccountRow; role: Role; key: { body: string; version: number } | null };
