import type { ClientConfig, PoolConfig } from 'pg';

/** How to reach the database. `url` is a PostgreSQL URI; `?schema=` names the schema that holds all of Khobor's tables. */
export type DatabaseConfig = { url: string; poolMax: number; prepare: boolean };

const statementTimeoutMs = 5_000;

/** Settings that each session must have, in PostgreSQL's own spelling. */
export const sessionSettings = {
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
} as const;

/** The schema that a database URL names, `public` without one. */
export const schemaOf = (url: string): string => new URL(url).searchParams.get('schema') || 'public';

/** The address without our own parameters, the `options` that it sets for the session, and its query timeout. */
function addressOf(config: DatabaseConfig): { connectionString: string; asked: string[]; patienceMs: number } {
  const url = new URL(config.url);
  const asked = url.searchParams.getAll('options');
  const patienceMs = Number(url.searchParams.get('query_timeout')) || statementTimeoutMs + 750;
  for (const name of ['schema', 'options', 'query_timeout']) url.searchParams.delete(name);
  // Use the sslmodes as libpq defines them, because pg gives them other meanings. pg's no-verify is libpq's require.
  url.searchParams.set('uselibpqcompat', 'true');
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  return { connectionString: url.toString(), asked, patienceMs };
}

/**
 * PostgreSQL compiles a statement that it takes for large, and the words and dates of ours are hidden from its planner: of
 * one that takes a millisecond that is 100 ms and more. On by default where it is built in.
 */
const noCompiling = '-c jit=off';

/** A role that ends idle sessions would end the one that listens, which asks nothing and only hears. */
const noEnding = '-c idle_session_timeout=0';

const optionsOf = (settings: readonly string[]) => (settings.length > 0 ? { options: settings.join(' ') } : {});

/**
 * The pool's settings for a database URL. Sessions use UTC, because the Prisma adapter writes and reads times without an
 * offset. With `prepare: false` (a transaction pooler) the session is not ours, so nothing is set on it: each transaction
 * sets the same for itself. The URL's own `options` override ours, except those that nothing works without.
 */
export function poolConfig(config: DatabaseConfig): PoolConfig {
  const { connectionString, asked, patienceMs } = addressOf(config);
  const limits = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value}`);
  const needed = ['-c TimeZone=UTC', '-c client_encoding=UTF8'];
  return {
    connectionString,
    ...optionsOf(config.prepare ? [noCompiling, noEnding, ...limits, ...asked, ...needed] : asked),
    application_name: 'khobor',
    max: config.poolMax,
    connectionTimeoutMillis: 1_000,
    query_timeout: patienceMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: false,
  };
}

/** The settings of the connection that migrates: a longer connect timeout, and no session limits. */
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

/** What a transaction sets for itself if the session is not ours. */
export const transactionSettings = `SELECT ${Object.entries({ TimeZone: 'UTC', ...sessionSettings })
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ')}`;
