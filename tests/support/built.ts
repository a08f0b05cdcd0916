import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const checkout = join(import.meta.dirname, '../..');

/** Compiles the program unless the compiled one is up to date. */
export const build = (): void =>
  void execFileSync(process.execPath, [join(checkout, 'src/cli/build.mjs'), '--modules']);

const dist = (name: string) => pathToFileURL(join(checkout, 'dist/modules', name)).href;

/**
 * The built program's modules that tests use, and the libraries with which they call it and its database. Loaded by Node
 * itself and not by Jest, so that a process evaluates them once and not for each test file.
 */
export async function loadBuilt() {
  const app: typeof import('../../src/app.ts') = await import(dist('app.js'));
  const firstRun: typeof import('../../src/start/first-run.ts') = await import(dist('start/first-run.js'));
  const config: typeof import('../../src/config.ts') = await import(dist('config.js'));
  const deps: typeof import('../../src/deps.ts') = await import(dist('deps.js'));
  const identityKey: typeof import('../../src/core/identity-key.ts') = await import(dist('core/identity-key.js'));
  const slug: typeof import('../../src/core/slug.ts') = await import(dist('core/slug.js'));
  const ids: typeof import('../../src/core/ids.ts') = await import(dist('core/ids.js'));
  const due: typeof import('../../src/article/change/due.ts') = await import(dist('article/change/due.js'));
  const aliases: typeof import('../../src/cli/aliases.ts') = await import(dist('cli/aliases.js'));
  const aliasTable: typeof import('../../src/article/search/aliases.ts') = await import(
    dist('article/search/aliases.js')
  );
  const reindex: typeof import('../../src/cli/reindex.ts') = await import(dist('cli/reindex.js'));
  const errors: typeof import('../../src/core/errors.ts') = await import(dist('core/errors.js'));
  const firstAdmin: typeof import('../../src/features/users/first-admin.ts') = await import(
    dist('features/users/first-admin.js')
  );
  const accessTokens: typeof import('../../src/features/auth/access-tokens.ts') = await import(
    dist('features/auth/access-tokens.js')
  );
  const migrate: typeof import('../../src/db/migrate.ts') = await import(dist('db/migrate.js'));
  const client: typeof import('../../src/db/client.ts') = await import(dist('db/client.js'));
  const streams: typeof import('../../src/http/streams.ts') = await import(dist('http/streams.js'));
  const exchange: typeof import('../../src/http/exchange.ts') = await import(dist('http/exchange.js'));
  const passwords: typeof import('../../src/features/auth/passwords.ts') = await import(
    dist('features/auth/passwords.js')
  );
  const numbering: typeof import('../../src/outbox/numbering.ts') = await import(dist('outbox/numbering.js'));
  const record: typeof import('../../src/outbox/record.ts') = await import(dist('outbox/record.js'));
  const server: typeof import('../../src/http/server/server.ts') = await import(dist('http/server/server.js'));
  const housekeeping: typeof import('../../src/start/housekeeping.ts') = await import(dist('start/housekeeping.js'));
  const outbox: typeof import('../../src/start/outbox.ts') = await import(dist('start/outbox.js'));
  const delivery: typeof import('../../src/start/delivery.ts') = await import(dist('start/delivery.js'));
  const waiting: typeof import('../../src/outbox/waiting.ts') = await import(dist('outbox/waiting.js'));
  const settingsChange: typeof import('../../src/start/settings-change.ts') = await import(
    dist('start/settings-change.js')
  );
  const workPool: typeof import('../../src/article/processes/work-pool.ts') = await import(
    dist('article/processes/work-pool.js')
  );
  const routes: typeof import('../../src/routes.ts') = await import(dist('routes.js'));
  const services: typeof import('../../src/services.ts') = await import(dist('services.js'));
  const connection: typeof import('../../src/db/connection.ts') = await import(dist('db/connection.js'));
  const startCheck: typeof import('../../src/db/start-check.ts') = await import(dist('db/start-check.js'));
  const words: typeof import('../../src/start/console.ts') = await import(dist('start/console.js'));
  const embedded: typeof import('../../src/embedded/embedded.ts') = await import(dist('embedded/embedded.js'));
  const userSchema: typeof import('../../src/features/users/users.schema.ts') = await import(
    dist('features/users/users.schema.js')
  );
  const gate: typeof import('../../src/http/server/gate.ts') = await import(dist('http/server/gate.js'));
  const createUser: typeof import('../../src/cli/create-user.ts') = await import(dist('cli/create-user.js'));
  const document: typeof import('../../src/cli/openapi.ts') = await import(dist('cli/openapi.js'));
  const { pino } = await import('pino');
  const { default: pg } = await import('pg');
  const { default: supertest } = await import('supertest');
  return {
    ...app,
    ...firstRun,
    ...client,
    ...config,
    ...deps,
    ...due,
    ...errors,
    ...aliases,
    ...aliasTable,
    ...reindex,
    ...firstAdmin,
    ...identityKey,
    ...ids,
    ...housekeeping,
    ...migrate,
    ...accessTokens,
    ...numbering,
    ...outbox,
    ...delivery,
    ...passwords,
    ...record,
    ...routes,
    ...services,
    ...server,
    ...slug,
    ...waiting,
    ...settingsChange,
    ...workPool,
    ...connection,
    ...startCheck,
    ...words,
    ...embedded,
    ...userSchema,
    ...gate,
    ...createUser,
    ...streams,
    ...exchange,
    ...document,
    pino,
    pg,
    supertest,
  };
}

export type Built = Awaited<ReturnType<typeof loadBuilt>>;
