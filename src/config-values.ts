import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { addressForm } from './core/web-address.ts';
import { isNetwork } from './core/webhook-target.ts';

export const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`))
    .default(fallback);

export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

export const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= 32, { error: 'must have 32 bytes or more' });

/** The parts of a comma list, trimmed and without empty ones. */
export const commaList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** A base address for paths: host in lower case, path as a browser sends it, no slash at the end. */
export const baseUrl = z
  .string()
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), { error: 'must be an http or https address' })
  .transform((value) => new URL(value))
  .refine(({ username, password, search, hash }) => `${username}${password}${search}${hash}` === '', {
    error: 'may have a path, but no user, ? or #',
  })
  .transform(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '')}`)
  // In the same canonical form as stored addresses, or none of them would be recognized as lying below it.
  .transform((address) => addressForm(address, '') ?? address);

/** What is wrong with a database address, without quoting any of it; undefined if it can be used. */
function databaseUrlFault(value: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(value)) return 'must begin with postgres:// or postgresql://';
  const authority = /^[^/]+:\/\/([^/?#]*)/.exec(value)?.[1] ?? '';
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) return 'names more than one server: name one';
  if (!URL.canParse(value))
    return 'cannot be read: percent-encode the special characters of user and password, and check the port';
  const url = new URL(value);
  if (/[#@]/.test(`${url.hash}${decoded(url.pathname) ?? url.pathname}`))
    return 'has a # or @ outside of its place: percent-encode the password';
  if (url.pathname.length <= 1) return 'must end in the name of a database';
  if (decoded(`${url.username}${url.password}`) === undefined)
    return 'has a % that encodes nothing: percent-encode the password';
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'].includes(mode))
    return 'has an sslmode that is not known';
  if (mode === 'verify-ca' && !url.searchParams.get('sslrootcert'))
    return 'has sslmode=verify-ca without sslrootcert, the file of that certificate authority';
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = url.searchParams.get(name);
    if (file !== null && !isReadable(file)) return `has an ${name} that cannot be read`;
  }
  const schema = url.searchParams.get('schema') ?? '';
  if (/["\0]/.test(schema) || Buffer.byteLength(schema) > 63)
    return 'has a schema that cannot be used: at most 63 bytes, and no quotation mark';
  if (/^pg_|^information_schema$/.test(schema)) return 'has a schema that belongs to PostgreSQL itself';
  return undefined;
}

const isReadable = (file: string): boolean => {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

export const databaseUrl = z.string().superRefine((value, context) => {
  const fault = databaseUrlFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** An origin as browsers send it: no path, no default port, in lower case. Undefined if the text is no origin. */
function originOf(part: string): string | undefined {
  if (part === '*') return part;
  if (!URL.canParse(part)) return undefined;
  const { origin, protocol, host, pathname, search, hash, username } = new URL(part);
  if (!/^\/?$/.test(pathname) || `${search}${hash}${username}` !== '' || host === '' || host.includes('*'))
    return undefined;
  // Apps have their own schemes, for example capacitor://localhost, for which `URL` gives no origin.
  return (origin === 'null' ? `${protocol}//${host}` : origin).toLowerCase();
}

export const origins = z
  .string()
  .transform((value) => commaList(value).map(originOf))
  .refine((parts) => parts.every((part) => part !== undefined), {
    error: 'must be a comma list of origins, as https://news.example, or *',
  })
  .refine((parts) => parts.length === 1 || !parts.includes('*'), { error: 'must be either origins or * alone' })
  .transform((parts) => [...new Set(parts.flatMap((part) => part ?? []))])
  .default([]);

export const networks = z
  .string()
  .transform(commaList)
  .refine((parts) => parts.every(isNetwork), { error: 'must be a comma list of networks, as 10.0.0.0/8' })
  .default([]);
