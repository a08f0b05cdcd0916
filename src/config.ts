import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { checkout } from './checkout.ts';
import { baseUrl, commaList, databaseUrl, flag, networks, origins, secret, whole } from './config-values.ts';
import { keysHeaders, staleSecondsMax } from './core/cache-keys.ts';
import { errorCode } from './core/error-code.ts';
import { isTimeZone } from './core/time.ts';

/** A configuration that cannot be used. Its message names each wrong key and never the value of a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Every key of the environment. An empty value counts as none. */
export const environment = z.object({
  PORT: whole(3000, 0, 65_535),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: baseUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  DATABASE_POOL_MAX: whole(10, 1, 500),
  DATABASE_PREPARE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  DATA_DIR: z.string().optional(),
  JWT_SECRET: secret.optional(),
  JWT_SECRET_PREVIOUS: secret.optional(),
  JWT_PRIVATE_KEY_FILE: z.string().optional(),
  JWT_PUBLIC_KEY_FILES: z.string().transform(commaList).default([]),
  JWT_ISSUER: z.string().default('khobor'),
  JWT_AUDIENCE: z.string().default('khobor-api'),
  ADMIN_EMAIL: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
  DEMO: flag.optional(),
  MIGRATE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  TIME_ZONE: z.string().refine(isTimeZone, { error: 'must be an IANA time zone, as Asia/Dhaka' }).default('Asia/Dhaka'),
  CACHE_KEYS_HEADER: z.enum(keysHeaders, { error: `must be ${keysHeaders.join(' or ')}` }).default('Surrogate-Key'),
  RESPONSE_CACHE_BYTES: whole(67_108_864, 0, 999_999_999),
  SHARED_MAX_AGE_S: whole(0, 0, 31_536_000),
  STALE_IF_ERROR_S: whole(300, 0, staleSecondsMax),
  CORS_ORIGINS: origins,
  TRUST_PROXY: whole(0, 0, 10),
  HSTS_SECONDS: whole(0, 0, 100_000_000),
  RATE_LIMIT_WRITES: whole(1_000, 1, 1_000_000),
  RATE_LIMIT_LOGIN_ACCOUNT: whole(10, 1, 100_000),
  RATE_LIMIT_LOGIN_ADDRESS: whole(100, 1, 1_000_000),
  BODY_BYTES_MAX: whole(1_048_576, 1_024, 100_000_000),
  STREAMS_MAX: whole(2_000, 1, 4_000),
  STREAMS_ADDRESS_MAX: whole(100, 1, 4_000),
  PAGE_ITEMS_MAX: whole(100, 1, 1_000),
  TRASH_DAYS: whole(0, 0, 36_500),
  EVENTS_DAYS: whole(400, 0, 36_500),
  WEBHOOKS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  WEBHOOK_ALLOW_NETWORKS: networks,
  WORKER_METRICS_PORT: whole(0, 0, 65_535),
  SHUTDOWN_DELAY_MS: whole(0, 0, 600_000),
  SHUTDOWN_TIMEOUT_MS: whole(10_000, 0, 600_000),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be fatal, error, warn, info, debug or silent',
    })
    .default('info'),
});

export type Config = Readonly<z.output<typeof environment>>;

const envFile = join(checkout, '.env');
const envLine = /^\s*(?:#|$|(?:export\s+)?[\w.-]+\s*=)/;

/**
 * Reads the `.env` file beside package.json, if any, into `env`; variables that `env` already has win. Throws a ConfigError
 * if the file cannot be read or has a line that sets nothing: to go on without it could mean to use another database.
 */
export function readEnvFile(env: NodeJS.ProcessEnv = process.env, file = envFile): void {
  let text: string;
  try {
    // Node's own loadEnvFile reports a file that it may not open as missing.
    // A byte order mark would become part of the first key, which would then be one that nobody knows.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    if (code === 'ENOENT') return;
    throw new ConfigError(`${file} cannot be read (${code})`);
  }
  // Quoted values may span several lines.
  const lines = text.replaceAll(/=\s*(["'`])[\s\S]*?\1/g, (value) => `=${'\n'.repeat(value.split('\n').length - 1)}`);
  const wrong = lines.split('\n').findIndex((line) => !envLine.test(line));
  if (wrong >= 0) throw new ConfigError(`${file} has no KEY=value in line ${wrong + 1}`);
  for (const [key, value] of Object.entries(parseEnv(text))) env[key] ??= value;
}

/** What is wrong with a combination of keys that are each valid; undefined if nothing is. */
function faultBetween(config: Config): string | undefined {
  if (config.DATABASE_URL !== undefined && config.JWT_SECRET === undefined)
    return 'JWT_SECRET must have 32 bytes or more; it is missing';
  if ((config.ADMIN_EMAIL === undefined) !== (config.ADMIN_PASSWORD === undefined))
    return 'ADMIN_EMAIL and ADMIN_PASSWORD must be set together';
  if (config.JWT_PUBLIC_KEY_FILES.length > 0 && config.JWT_PRIVATE_KEY_FILE === undefined)
    return 'JWT_PUBLIC_KEY_FILES needs JWT_PRIVATE_KEY_FILE';
  return undefined;
}

/** Reads the environment. Throws a ConfigError that names every key that is wrong and what it must be. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((key) => (env[key] ? [[key, env[key]]] : [])),
  );
  const result = environment.safeParse(given);
  if (!result.success)
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
  const fault = faultBetween(result.data);
  if (fault !== undefined) throw new ConfigError(fault);
  return Object.freeze(result.data);
}

/** The environment of a command, which signs nothing and makes no first account: with any secret, and without that account. */
export const ofCommand = (env: Readonly<Record<string, string | undefined>>) => ({
  ...env,
  JWT_SECRET: env.JWT_SECRET || randomBytes(32).toString('base64'),
  ADMIN_EMAIL: undefined,
  ADMIN_PASSWORD: undefined,
});

/** The address of the API if PUBLIC_URL is not set: localhost, or HOST if that is a specific other address. */
export function defaultPublicUrl({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): string {
  const everywhere = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(HOST);
  const host = everywhere ? 'localhost' : HOST.includes(':') ? `[${HOST}]` : HOST;
  return `http://${host}:${PORT}`;
}
