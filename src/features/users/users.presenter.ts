import { type Answer, answer, jsonMadeBySql, pageJson } from '../../http/json.ts';
import type { UserRow } from './users.repository.ts';
import type { UserView } from './users.schema.ts';
import type { UserRows } from './users.service.ts';

export const presentUser = ({ json, version }: UserRow): Answer<UserView> =>
  answer(jsonMadeBySql<UserView>(json), { version });

export const presentNewUser = (row: UserRow): Answer<UserView> => ({
  ...presentUser(row),
  location: `/v1/users/${row.id}`,
});

export const presentUserPage = ({ users, nextCursor }: UserRows) =>
  pageJson<UserView>(`[${users.map(({ json }) => json).join(',')}]`, nextCursor);
