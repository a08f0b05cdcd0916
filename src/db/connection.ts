import type { ClientConfig, PoolConfig } from 'pg';

/** How to reach the database. `url` is a PostgreSQL URI; `?schema=` names the schema that holds all of Khobor's tables. */
export type DatabaseConfig = { url: string; poolMax: number; prepare: boolean };

const statementTimeoutMs = 5_000;

/** What each session must have, as PostgreSQL shows it. */
export const sessionSettings = {
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
} as const;

/** The schema that a database URL names, `public` without one. */
export const schemaOf = (url: string): string => new URL(url).searchParams.get('schema') || 'public';

/** The address without what only we understand, and what it asks of the session. */
function addressOf(config: DatabaseConfig): { connectionString: string; asked: string[]; patienceMs: number } {
  const url = new URL(config.url);
  const asked = url.searchParams.getAll('options');
  const patienceMs = Number(url.searchParams.get('query_timeout')) || statementTimeoutMs + 750;
  for (const name of ['schema', 'options', 'query_timeout']) url.searchParams.delete(name);
  // The modes of libpq, for which pg has other meanings. Its no-verify is what libpq calls require.
  url.searchParams.set('uselibpqcompat', 'true');
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  return { connectionString: url.toString(), asked, patienceMs };
}

const optionsOf = (settings: readonly string[]) => (settings.length > 0 ? { options: settings.join(' ') } : {});

/**
 * The pool's settings for a database URL. All times travel in UTC, because the Prisma adapter writes and reads them
 * without an offset. With `prepare: false` (a transaction pooler) nothing is asked of the session, as it is not ours:
 * transactions set the same for themselves. The URL's own `options` are stronger, but for what nothing works without.
 */
export function poolConfig(config: DatabaseConfig): PoolConfig {
  const { connectionString, asked, patienceMs } = addressOf(config);
  const limits = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value}`);
  const needed = ['-c TimeZone=UTC', '-c client_encoding=UTF8'];
  return {
    connectionString,
    ...optionsOf(config.prepare ? [...limits, ...asked, ...needed] : asked),
    application_name: 'khobor',
    max: config.poolMax,
    connectionTimeoutMillis: 1_000,
    query_timeout: patienceMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: false,
  };
}

/** The settings of the one connection that migrates: patient, and without limits of the session. */
export function migrationConfig(config: DatabaseConfig): ClientConfig {
  const { connectionString, asked } = addressOf(config);
  return {
    connectionString,
    ...optionsOf(asked),
    application_name: 'khobor migrations',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}

/** What a transaction sets for itself where the session is not ours. */
export const transactionSettings = `SELECT ${Object.entries({ TimeZone: 'UTC', ...sessionSettings })
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ')}`;
