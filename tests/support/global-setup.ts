import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Built, build, loadBuilt } from './built.ts';
import { administer, databaseUrl, templateName } from './database.ts';
import { openTestPostgres } from './postgres.ts';

/** Writes the OpenAPI document to a file that every test file reads, because making it takes a while. */
async function writeDocument(
  { apiDocument, openDeps, openServices, pino, readConfig, routeGroups }: Built,
  folder: string,
): Promise<string> {
  const config = {
    ...readConfig({}),
    DATABASE_URL: 'postgresql://nobody@localhost/nothing',
    PUBLIC_URL: 'http://localhost',
  };
  const deps = await openDeps(
    { ...config, JWT_SECRET: 'nothing is signed with this secret of the tests' },
    pino({ level: 'silent' }),
  );
  const file = join(folder, 'openapi.json');
  await writeFile(
    file,
    JSON.stringify(apiDocument(routeGroups(deps, openServices(deps)), { server: 'http://localhost' })),
  );
  await deps.close();
  return file;
}

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
  const folder = await mkdtemp(join(tmpdir(), 'khobor-document-'));
  process.env.KHOBOR_TEST_DOCUMENT = await writeDocument(built, folder);
  process.env.KHOBOR_TEST_ADMIN_URL = server.adminUrl;
  process.env.KHOBOR_TEST_TEMPLATE = template;
  if (server.socketDir !== undefined) process.env.KHOBOR_TEST_SOCKETS = server.socketDir;
  Object.assign(globalThis, {
    khoborTestTeardown: async () => {
      await administer(server.adminUrl, `DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`);
      await server.stop();
      await rm(folder, { recursive: true });
    },
  });
}
