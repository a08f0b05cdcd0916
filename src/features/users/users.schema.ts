import { z } from 'zod';
import { roles } from '../../core/actor.ts';
import { plainWords } from '../../http/schema/plain-words.ts';
import { pageOf, paging, shownInstant, shownInstantOrNull, shownVersion, text } from '../../http/schema/values.ts';
import { account, email, newPassword, passwordIsNotEmail } from '../auth/auth.schema.ts';

const name = () => text({ max: 200 }).meta({ description: 'The name of the user.', example: 'রিনা আখতার' });
const role = () =>
  z
    .enum(roles, { error: `Use one of ${roles.join(', ')}.` })
    .meta({ description: 'What the user may do; see "Who may what".', example: 'author' });

/** An empty text becomes null. */
const initials = () =>
  text({ max: 50, min: 0 })
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .optional()
    .meta({ description: 'As the desk signs its stories. Null or empty: none.', example: 'রআ' });

export const UserCreate = z
  .strictObject({ email: email(), name: name(), initials: initials(), role: role(), password: newPassword() })
  .check(passwordIsNotEmail)
  .meta({ id: 'UserCreate' });
export type UserCreate = z.output<typeof UserCreate>;

export const UserPatch = z
  .strictObject({
    email: email().optional(),
    name: name().optional(),
    initials: initials(),
    role: role().optional(),
    password: newPassword().optional(),
    disabled: z.boolean({ error: 'Use true or false.' }).optional().meta({
      description: '`true` keeps the user out and ends every session; `false` lets the user log in again.',
    }),
  })
  .meta({ id: 'UserPatch' });
export type UserPatch = z.output<typeof UserPatch>;

export const userListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type UserListQuery = z.output<ReturnType<typeof userListQuery>>;

/** A user as admins see one. The password's hash is not part of it. */
export const UserView = z
  .object({
    ...account,
    disabledAt: shownInstantOrNull('Since when this user can no longer log in; null for one who can.'),
    version: shownVersion(),
    createdAt: shownInstant('When the user was made.'),
    updatedAt: shownInstant('When the user was last changed.'),
  })
  .meta({ id: 'User' });
export type UserView = z.input<typeof UserView>;

const ended = (what: string) => z.boolean({ error: 'Use true or false.' }).optional().meta({ description: what });

export const UserRevoke = z
  .strictObject({
    sessions: ended('Every log-in of this user.'),
    keys: ended('Every access key that acts for this user, and the preview links made with it.'),
    previews: ended('Every preview link that this user made without an access key.'),
  })
  .meta({ id: 'UserRevoke' });
export type UserRevoke = z.output<typeof UserRevoke>;

export const UserRevoked = z
  .object({
    sessions: z.int().meta({ description: 'Log-ins that were ended.', example: 2 }),
    keys: z.int().meta({ description: 'Access keys that were ended.', example: 1 }),
    previews: z
      .int()
      .meta({ description: 'Preview links that were ended, those of the ended keys among them.', example: 0 }),
  })
  .meta({ id: 'UserRevoked', description: 'How many of each were ended.' });
export type UserRevoked = z.input<typeof UserRevoked>;

export const UserPage = pageOf(UserView, 'UserPage');

/** For input that does not come over HTTP: the value, or one sentence for each fault, which never quotes the input. */
type Read<Value> = { value: Value } | { faults: string[] };

function readBy<Value>(schema: z.ZodType<Value>, given: Readonly<Record<string, unknown>>): Read<Value> {
  const result = schema.safeParse(given, { error: plainWords });
  if (result.success) return { value: result.data };
  return { faults: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

export const readNewUser = (given: Readonly<Record<string, unknown>>): Read<UserCreate> => readBy(UserCreate, given);

const PasswordReset = z.strictObject({ email: email(), password: newPassword() }).check(passwordIsNotEmail);
type PasswordReset = z.output<typeof PasswordReset>;

export const readPasswordReset = (given: Readonly<Record<string, unknown>>): Read<PasswordReset> =>
  readBy(PasswordReset, given);
