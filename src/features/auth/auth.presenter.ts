import { roleNamed } from '../../core/actor.ts';
import { type Answer, answer, jsonMadeBySql, toJson } from '../../http/json.ts';
import type { AccountRow } from './auth.repository.ts';
import type { AccountView, CallerView, TokensView } from './auth.schema.ts';
import type { CallerAccount, IssuedTokens } from './auth.service.ts';

const presentAccount = (row: AccountRow): AccountView => ({
  id: row.id,
  email: row.email,
  name: row.name,
  initials: row.initials,
  role: roleNamed(row.role),
});

/** An access key is told for whom it acts, but not the e-mail address of that account. */
export function presentCaller({ row, role, key }: CallerAccount): Answer<CallerView> {
  const account = presentAccount(row);
  if (key === null) return answer(toJson({ ...account, key: null }), { version: row.version });
  const shown = JSON.stringify({ ...account, email: null, role });
  return answer(jsonMadeBySql<CallerView>(`${shown.slice(0, -1)},"key":${key.json}}`), { version: key.version });
}

export const presentTokens = ({ row, ...tokens }: IssuedTokens): Answer<TokensView> =>
  answer(
    toJson({
      accessToken: tokens.accessToken,
      tokenType: 'Bearer' as const,
      expiresIn: tokens.expiresIn,
      refreshToken: tokens.refreshToken,
      user: presentAccount(row),
    }),
  );
