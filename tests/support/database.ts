import { randomBytes } from 'node:crypto';
import type { Built } from './built.ts';
import type { contract } from './environment.ts';

/** The template that every test file's database is cloned from. */
export const templateName = (run: string) => `khobor_test_${run}`;

const withDatabase = (adminUrl: string, name: string) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

/** Runs one statement on the server's own database. */
export async function administer(adminUrl: string, sql: string): Promise<void> {
  // The global setup runs outside of a test environment.
  const { khobor }: { khobor?: Built } = Object(globalThis);
  const { Client } = khobor?.pg ?? (await import('pg')).default;
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export const databaseUrl = withDatabase;

/** The same database through a Unix socket, if the run's server has one: half the cost of TCP. */
export function bySocket(url: string): string {
  const folder = process.env.KHOBOR_TEST_SOCKETS;
  if (!folder) return url;
  const local = new URL(url);
  local.searchParams.set('host', folder);
  return local.toString();
}

export type TestDatabase = { readonly url: string; readonly name: string; drop(): Promise<void> };

async function createDatabase(template: string): Promise<TestDatabase> {
  const adminUrl = process.env.KHOBOR_TEST_ADMIN_URL;
  const run = process.env.KHOBOR_TEST_TEMPLATE;
  if (!adminUrl || !run) throw new Error('the global setup of the tests has not run');
  const { khobor }: { khobor?: typeof contract } = Object(globalThis);
  const ask = khobor?.administerRun ?? ((sql: string) => administer(adminUrl, sql));
  const name = `${run}_${randomBytes(6).toString('hex')}`;
  // To copy the files costs half of what writing each page to the log does.
  await ask(`CREATE DATABASE "${name}" TEMPLATE "${template || run}" STRATEGY file_copy`);
  return {
    url: withDatabase(adminUrl, name),
    name,
    drop: () => ask(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

/** A database for one test file, cloned from the template. `drop` drops it. */
export const cloneDatabase = (): Promise<TestDatabase> => createDatabase('');

/** The same without any migration. */
export const emptyDatabase = (): Promise<TestDatabase> => createDatabase('template0');
