import { z } from 'zod';
import { isTimeZone } from './core/time.ts';

/** A configuration that cannot be used: one line for each key, none with a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`))
    .default(fallback);

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');

const secret = z.string().refine((value) => Buffer.byteLength(value) >= 32, { error: 'must have 32 bytes or more' });

const httpUrl = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { error: 'must be an http or https address' })
  .transform((value) => value.replace(/\/+$/, ''));

/** Which part of a database address is wrong, without showing any of it; undefined for one that can be used. */
function databaseUrlFault(value: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(value)) return 'must begin with postgres:// or postgresql://';
  if (!URL.canParse(value))
    return 'cannot be read: percent-encode the special characters of user and password, and check the port';
  const url = new URL(value);
  if (/[#@]/.test(`${url.hash}${decodeURIComponentOr(url.pathname)}`))
    return 'has a # or @ outside of its place: percent-encode the password';
  if (url.pathname.length <= 1) return 'must end in the name of a database';
  if (/%(?![0-9a-f]{2})/i.test(`${url.username}${url.password}`))
    return 'has a % that encodes nothing: percent-encode the password';
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'].includes(mode))
    return 'has an sslmode that is not known';
  return undefined;
}

const decodeURIComponentOr = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const databaseUrl = z.string().superRefine((value, context) => {
  const fault = databaseUrlFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const origins = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .refine((parts) => parts.every((part) => part === '*' || (URL.canParse(part) && new URL(part).origin === part)), {
    error: 'must be a comma list of origins, as https://news.example, or *',
  })
  .default([]);

/** Every key of the environment. An empty value counts as none. */
export const environment = z.object({
  PORT: whole(3000, 0, 65_535),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_POOL_MAX: whole(10, 1, 500),
  DATABASE_PREPARE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  DATA_DIR: z.string().optional(),
  JWT_SECRET: secret.optional(),
  JWT_SECRET_PREVIOUS: secret.optional(),
  JWT_PRIVATE_KEY_FILE: z.string().optional(),
  JWT_PUBLIC_KEY_FILES: z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .default([]),
  JWT_ISSUER: z.string().default('khobor'),
  JWT_AUDIENCE: z.string().default('khobor-api'),
  ADMIN_EMAIL: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
  DEMO: flag.optional(),
  MIGRATE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  TIME_ZONE: z.string().refine(isTimeZone, { error: 'must be an IANA time zone, as Asia/Dhaka' }).default('Asia/Dhaka'),
  CORS_ORIGINS: origins,
  TRUST_PROXY: whole(0, 0, 10),
  HSTS_SECONDS: whole(0, 0, 100_000_000),
  RATE_LIMIT_WRITES: whole(1_000, 1, 1_000_000),
  RATE_LIMIT_LOGIN_ACCOUNT: whole(10, 1, 100_000),
  RATE_LIMIT_LOGIN_ADDRESS: whole(100, 1, 1_000_000),
  BODY_BYTES_MAX: whole(1_048_576, 1_024, 100_000_000),
  PAGE_ITEMS_MAX: whole(100, 1, 1_000),
  SHUTDOWN_TIMEOUT_MS: whole(10_000, 0, 600_000),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be fatal, error, warn, info, debug or silent',
    })
    .default('info'),
});

export type Config = Readonly<z.output<typeof environment>>;

/** Reads the environment. Throws a ConfigError that names every key that is wrong and what it must be. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((key) => (env[key] ? [[key, env[key]]] : [])),
  );
  const result = environment.safeParse(given);
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
  }
  const config = result.data;
  if (config.DATABASE_URL !== undefined && config.JWT_SECRET === undefined) {
    throw new ConfigError('JWT_SECRET must have 32 bytes or more; it is missing');
  }
  if ((config.ADMIN_EMAIL === undefined) !== (config.ADMIN_PASSWORD === undefined)) {
    throw new ConfigError('ADMIN_EMAIL and ADMIN_PASSWORD must be set together');
  }
  return Object.freeze(config);
}

/** Where readers reach the API when PUBLIC_URL does not say. */
export const defaultPublicUrl = (config: Pick<Config, 'PORT'>): string => `http://localhost:${config.PORT}`;
