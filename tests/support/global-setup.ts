import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/db/migrate.ts';
import { administer, databaseUrl, templateName } from './database.ts';
import { openTestPostgres } from './postgres.ts';

const migrations = join(dirname(fileURLToPath(import.meta.url)), '../../prisma/migrations');

/** One PostgreSQL for the run, and in it a migrated template that each test file clones. */
export default async function globalSetup(): Promise<void> {
  const server = await openTestPostgres();
  const template = templateName(randomBytes(4).toString('hex'));
  await administer(server.adminUrl, `CREATE DATABASE "${template}"`);
  await migrate({ url: databaseUrl(server.adminUrl, template), poolMax: 1, prepare: true }, migrations);
  process.env.KHOBOR_TEST_ADMIN_URL = server.adminUrl;
  process.env.KHOBOR_TEST_TEMPLATE = template;
  Object.assign(globalThis, {
    khoborTestTeardown: async () => {
      await administer(server.adminUrl, `DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`);
      await server.stop();
    },
  });
}
