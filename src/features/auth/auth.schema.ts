import { z } from 'zod';
import { roles } from '../../core/actor.ts';
import { bodyFault, invalidInput } from '../../core/errors.ts';
import { mailAddressForm } from '../../core/mail-address.ts';
import { passwordForm } from '../../core/password-form.ts';
import { shownId, text } from '../../http/schema/values.ts';
import { KeyView } from '../keys/keys.schema.ts';

/** An e-mail address, normalised as it is stored, shown and compared. */
export const email = () =>
  text({ max: 254 })
    .overwrite(mailAddressForm)
    .check(
      z.refine((value) => /^[^\s@"<>,;]{1,64}@[^\s@"<>,;]{1,190}\.[^\s@"<>,;.]{2,63}$/u.test(value), {
        error: 'Use an e-mail address.',
      }),
    )
    .meta({
      description:
        'The e-mail address of the account, in any case: kept and shown in lower case, its domain in its own letters (`xn--…` is the same).',
      format: 'idn-email',
      maxLength: 254,
      example: 'rina@khobor.example',
    });

const passwordMin = 12;
const passwordMax = 256;
const differentMin = 4;
/** A bound on the length as typed, far above what so many characters need: none is typed with more than 6 UTF-16 units. */
const typedMax = passwordMax * 6;

/** For texts that are compared and never shown: accepted unchanged or refused. */
const wellFormed = ({ abort }: { abort: boolean }) =>
  z.refine<string>((value) => value.isWellFormed() && !value.includes('\u0000'), {
    error: 'Send well-formed Unicode without U+0000.',
    abort,
  });

/** Keeps spaces as typed. Length and hash are taken of its normalised spelling. */
export const newPassword = () =>
  z
    .string()
    .max(typedMax, { error: `Use at most ${passwordMax} characters.`, abort: true })
    .check(wellFormed({ abort: true }))
    .overwrite(passwordForm)
    .check(
      z.refine((value) => [...value].length >= passwordMin, {
        error: `Use at least ${passwordMin} characters.`,
        abort: true,
      }),
      z.refine((value) => [...value].length <= passwordMax, {
        error: `Use at most ${passwordMax} characters.`,
        abort: true,
      }),
      z.refine((value) => new Set(value).size >= differentMin, {
        error: `Use at least ${differentMin} different characters.`,
      }),
    )
    .meta({
      description: `With at least ${differentMin} different characters, and not the e-mail address of the account. Kept as Unicode NFC with every space as U+0020 and ত + hasanta + ZWJ as ৎ, and measured so.`,
      minLength: passwordMin,
      maxLength: passwordMax,
      format: 'password',
      example: 'নদীর ধারে সাদা কাশফুল',
    });

/** Whether a password is just the e-mail address of its account. */
const isAddress = (password: string, address: string) => mailAddressForm(password.trim()) === mailAddressForm(address);
const notAddress = 'Use another password than the e-mail address of the account.';

/** The same rule, for a schema with both members. */
export const passwordIsNotEmail = z.refine<{ email: string; password: string }>(
  ({ email: address, password: given }) => !isAddress(given, address),
  { path: ['password'], error: notAddress },
);

/** Throws 400 if the password is the e-mail address of its account. `pointer`: where the password was sent. */
export function checkNotAddress(password: string, address: string, pointer: string): void {
  if (isAddress(password, address)) throw invalidInput([bodyFault(pointer, notAddress)]);
}

/** Throws 400 if the change keeps the password, or makes it the e-mail address of the account. */
export function checkChange({ currentPassword, newPassword }: z.output<typeof PasswordBody>, address: string): void {
  const pointer = '/newPassword';
  checkNotAddress(newPassword, address, pointer);
  if (passwordForm(currentPassword) !== newPassword) return;
  throw invalidInput([bodyFault(pointer, 'Use another password than the one of now.')]);
}

const spelling = 'In any Unicode form, with any kind of space, and in both spellings of ৎ.';

const password = () =>
  z
    .string()
    .min(1)
    .max(typedMax, { error: `Use at most ${passwordMax} characters.` })
    .check(wellFormed({ abort: false }))
    .meta({ description: spelling, format: 'password', example: 'নদীর ধারে সাদা কাশফুল' });

/** What the two tokens look like. Neither is valid anywhere. */
export const refreshExample = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11.1.Zm9yIHRoZSBleGFtcGxlIG9ubHksIG9wZW5zIG5vdGg';
const accessExample = 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIuLi4ifQ.b3BlbnMgbm90aGluZw';

const refreshToken = () =>
  z
    .string()
    .min(1)
    .max(300)
    .check(wellFormed({ abort: false }))
    .meta({ description: 'The refresh token of the session, as the last answer gave it.', example: refreshExample });

export const LoginBody = z.strictObject({ email: email(), password: password() }).meta({ id: 'LoginBody' });
export const RefreshBody = z.strictObject({ refreshToken: refreshToken() }).meta({ id: 'RefreshBody' });
export const LogoutBody = z.strictObject({ refreshToken: refreshToken().optional() }).meta({ id: 'LogoutBody' });
export const PasswordBody = z
  .strictObject({ currentPassword: password(), newPassword: newPassword().meta({ example: 'বৃষ্টিভেজা বিকেলের চা' }) })
  .meta({ id: 'PasswordBody' });

/** What every view of an account shows. */
export const account = {
  id: shownId('The id of the user.'),
  email: z.string().meta({ description: 'The e-mail address, in lower case.', example: 'rina@khobor.example' }),
  name: z.string().meta({ description: 'The name of the user.', example: 'রিনা আখতার' }),
  initials: z
    .string()
    .nullable()
    .meta({ description: 'As the desk signs stories. Null where the user has none.', example: 'রআ' }),
  role: z.enum(roles).meta({ description: 'What the user may do; see "Who may what".', example: 'editor' }),
};

/** The account that has logged in. */
export const AccountView = z.object(account).meta({ id: 'Account' });
export type AccountView = z.input<typeof AccountView>;

/** The caller: a person, or a machine that acts for a person. */
export const CallerView = z
  .object({
    ...account,
    email: account.email.nullable().meta({ description: 'Null with an access key.', example: 'rina@khobor.example' }),
    role: account.role.meta({ description: 'What the caller may do now: with an access key the lower of both roles.' }),
    key: KeyView.nullable().meta({ description: 'The access key of a machine; null for a person.', example: null }),
  })
  .meta({ id: 'Caller' });
export type CallerView = z.input<typeof CallerView>;

export const TokensView = z
  .object({
    accessToken: z.string().meta({
      description: 'A JWT (RFC 9068); send it as `Authorization: Bearer …`.',
      example: accessExample,
    }),
    tokenType: z.literal('Bearer').meta({ description: 'The scheme of the Authorization header.' }),
    expiresIn: z.int().meta({ description: 'For how many seconds the access token is good.', example: 900 }),
    refreshToken: z.string().meta({
      description: 'Good once; used again within 30 seconds it gives the same successor.',
      example: refreshExample,
    }),
    user: AccountView.meta({ description: 'The account that logged in.' }),
  })
  .meta({ id: 'Tokens' });
export type TokensView = z.input<typeof TokensView>;

export const JwksView = z
  .object({
    keys: z
      .array(
        z.looseObject({
          kty: z.string().meta({ description: 'The kind of key: `RSA` or `EC`.', example: 'EC' }),
          kid: z.string().meta({
            description: 'The thumbprint of the key (RFC 7638), as the header of a token names it.',
            example: 'bR2mKqYcNw0h3sXvTq5dUuJzE1oPp7LgFf8iWkSxAaA',
          }),
          alg: z.string().meta({ description: 'The one algorithm of this key: `RS256` or `ES256`.', example: 'ES256' }),
          use: z.string().meta({ description: 'What the key is for: `sig`, to check signatures.', example: 'sig' }),
        }),
      )
      .meta({
        description:
          'The key that signs now comes first, then those that are still accepted. Members besides are those of its kind (RFC 7518).',
      }),
  })
  .meta({ id: 'JsonWebKeySet' });
