import type { PoolConfig } from 'pg';

/** How to reach the database. `url` is a PostgreSQL URI; `?schema=` names the schema that holds all of Khobor's tables. */
export type DatabaseConfig = { url: string; poolMax: number; prepare: boolean };

const statementTimeoutMs = 5_000;

/** The schema that a database URL names, `public` without one. */
export const schemaOf = (url: string): string => new URL(url).searchParams.get('schema') || 'public';

/**
 * The pool's settings for a database URL. All times travel in UTC, because the Prisma adapter writes and reads them
 * without an offset. With `prepare: false` (a transaction pooler) nothing is asked of the session, as it is not ours:
 * transactions set the same for themselves.
 */
export function poolConfig(config: DatabaseConfig): PoolConfig {
  const url = new URL(config.url);
  url.searchParams.delete('schema');
  const session = [
    'TimeZone=UTC',
    `statement_timeout=${statementTimeoutMs}`,
    'lock_timeout=2000',
    'idle_in_transaction_session_timeout=10000',
  ];
  const asked = url.searchParams.get('options');
  url.searchParams.delete('options');
  url.searchParams.set('uselibpqcompat', 'true');
  const options = [...(config.prepare ? session.map((setting) => `-c ${setting}`) : []), ...(asked ? [asked] : [])];
  return {
    connectionString: url.toString(),
    ...(options.length > 0 ? { options: options.join(' ') } : {}),
    application_name: 'khobor',
    max: config.poolMax,
    connectionTimeoutMillis: 1_000,
    query_timeout: statementTimeoutMs + 1_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: false,
  };
}

/** What a transaction sets for itself where the session is not ours. */
export const transactionSettings = `SELECT set_config('TimeZone', 'UTC', true), set_config('statement_timeout', '${statementTimeoutMs}', true), set_config('lock_timeout', '2000', true)`;
