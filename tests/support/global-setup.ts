import { randomBytes } from 'node:crypto';
import { build, loadBuilt } from './built.ts';
import { administer, databaseUrl, templateName } from './database.ts';
import { openTestPostgres } from './postgres.ts';

/** Starts one PostgreSQL for the run, with a migrated template database that each test file clones. */
export default async function globalSetup(): Promise<void> {
  build();
  const built = await loadBuilt();
  const server = await openTestPostgres();
  const template = templateName(randomBytes(4).toString('hex'));
  await administer(server.adminUrl, `CREATE DATABASE "${template}"`);
  await built.migrate(
    { url: databaseUrl(server.adminUrl, template), poolMax: 1, prepare: true },
    built.migrationsFolder,
  );
  process.env.KHOBOR_TEST_ADMIN_URL = server.adminUrl;
  process.env.KHOBOR_TEST_TEMPLATE = template;
  if (server.socketDir !== undefined) process.env.KHOBOR_TEST_SOCKETS = server.socketDir;
  Object.assign(globalThis, {
    khoborTestTeardown: async () => {
      await administer(server.adminUrl, `DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`);
      await server.stop();
    },
  });
}
