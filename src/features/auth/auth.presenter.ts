import { roles } from '../../core/actor.ts';
import type { AccountRow } from './auth.repository.ts';
import type { AccountView, TokensView } from './auth.schema.ts';

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
