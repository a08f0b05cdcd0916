import { setTimeout as pause } from 'node:timers/promises';
import { plantAliases } from '../article/search/aliases.ts';
import { describeError } from '../core/describe-error.ts';
import { Failure } from '../core/errors.ts';
import { servingFault } from '../db/rights.ts';
import type { Deps } from '../deps.ts';
import { plantDemo } from '../features/demo/demo.service.ts';
import { listLaterMigrations } from '../features/ops/ops.repository.ts';
import { checkReady } from '../features/ops/ops.service.ts';
import { ensureFirstAdmin } from '../features/users/first-admin.ts';
import { findOldestAdmin, hasUsers } from '../features/users/users.repository.ts';
import { renewIdentityKeys } from '../labels/identity-renewal.ts';
import type { RunningApp } from '../services.ts';
import { explain, type FirstAccount } from './console.ts';
import { keptSecret } from './installation.ts';
import { awaitMissing } from './missing-due.ts';
import { recordSettingsChange } from './settings-change.ts';

export type FirstRun = { account: FirstAccount | null; articles: number };

const nothing: FirstRun = { account: null, articles: 0 };

/** Instances that start together wait for the first one to make the newsroom; each try waits as long as a lock may take. */
const triesMax = 20;

/**
 * An empty database gets its first admin, from ADMIN_EMAIL and ADMIN_PASSWORD or (on the embedded database, whose folder
 * is `dataDir`) with a random password, and the demonstration newsroom: on the embedded database unless DEMO=false,
 * elsewhere only with DEMO=true. One transaction, so it happens once or not at all, however many instances start together.
 */
export async function setUp(running: RunningApp, dataDir: string | null): Promise<FirstRun> {
  const { deps } = running;
  if (deps.config.DEMO !== true && (await hasUsers(deps.db.read))) return nothing;
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.db.transaction(() => makeAccountAndDemo(running, dataDir));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'Unavailable' || tries === triesMax) throw thrown;
    }
  }
}

/** Why calls cannot be served yet, in a sentence for the operator; null if they can. */
async function faultOf(deps: Deps): Promise<string | null> {
  try {
    const fault = await servingFault(deps.db);
    if (fault === null) await checkReady(deps);
    return fault;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) return String(thrown);
    return thrown.extras.outage === 'unmigrated'
      ? 'migrations are missing: nothing is served until they are applied'
      : thrown.message;
  }
}

const lookEveryMs = 1_000;

/** Sets up once. Returns the reason if it failed, else null. */
async function trySetUp(running: RunningApp, dataDir: string | null): Promise<string | null> {
  const { deps } = running;
  const fault = await faultOf(deps);
  if (fault !== null) return fault;
  try {
    const { account, articles } = await setUp(running, dataDir);
    // Runs last, because what comes before it may be retried many times.
    await tellLater(deps);
    await renewIdentities(deps);
    await noteSettings(deps);
    await awaitInstants(deps);
    await makeAliases(deps);
    await sealSecretsAnew(deps);
    deps.log.info({ account: account?.email, articles }, 'calls are served');
    return null;
  } catch (error) {
    return `the first account could not be made yet: ${explain(error)}`;
  }
}

/** Retries until it is done. A reason is logged once and again only when it changes. */
async function setUpLater(
  running: RunningApp,
  dataDir: string | null,
  first: { logged: string; stop: AbortSignal },
): Promise<void> {
  const { stop } = first;
  for (let logged = first.logged; !stop.aborted; ) {
    await pause(lookEveryMs, undefined, { signal: stop, ref: false }).catch(() => {});
    const fault = await trySetUp(running, dataDir);
    if (fault === null) return;
    if (fault !== logged && !stop.aborted) running.deps.log.error(fault);
    logged = fault;
  }
}

/**
 * Sets up as soon as calls can be served. With MIGRATE=off, migrations are applied elsewhere and may come later: the
 * process answers 503 until then. Throws if the database role lacks a right.
 */
export async function setUpWhenMigrated(
  running: RunningApp,
  dataDir: string | null,
  stop: AbortSignal,
): Promise<FirstRun> {
  const { deps } = running;
  const mayWait = deps.config.MIGRATE === 'off';
  const fault = await servingFault(deps.db).catch((thrown: unknown) => {
    if (mayWait) return null;
    throw thrown;
  });
  if (fault !== null) throw new Error(fault);
  const logged = mayWait ? await faultOf(deps) : null;
  if (logged !== null) {
    deps.log.warn(logged);
    void setUpLater(running, dataDir, { logged, stop });
    return nothing;
  }
  await tellLater(deps);
  await renewIdentities(deps);
  await noteSettings(deps);
  await awaitInstants(deps);
  await makeAliases(deps);
  await sealSecretsAnew(deps);
  return setUp(running, dataDir);
}

/** Waits until calls can be served: others may be migrating just now. `say` gets the reason, and again when it changes. */
export async function untilServing(deps: Deps, stop: AbortSignal, say: (fault: string) => void): Promise<void> {
  let said: string | null = null;
  while (!stop.aborted) {
    const fault = await faultOf(deps);
    if (fault === null) return;
    if (fault !== said) say(fault);
    said = fault;
    await pause(lookEveryMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** A failure does not stop the start: labels keep the keys that they have, and the next start retries. */
async function renewIdentities({ db, log }: Deps): Promise<void> {
  const one = 'one name by the keys of today: this one keeps its former key until it is renamed or merged';
  try {
    await renewIdentityKeys(db, (kept) => log.warn(kept, `two ${kept.table} have ${one}`));
  } catch (thrown) {
    log.error({ err: describeError(thrown) }, 'the identity keys of tags and sources could not be made anew');
  }
}

/** Where it fails, the next start finds the same difference. */
async function noteSettings(deps: Deps): Promise<void> {
  try {
    const changed = await recordSettingsChange(deps);
    if (changed.length > 0) deps.log.info({ changed }, 'settings have changed: caches are to forget every answer');
  } catch (thrown) {
    deps.log.error({ err: describeError(thrown) }, 'whether settings have changed could not be recorded');
  }
}

/** A program that was put back, or not replaced yet, beside one that is newer. Where it cannot be asked, nothing is said. */
async function tellLater({ db, log, newestMigration }: Deps): Promise<void> {
  const migrations = await listLaterMigrations(db.read, newestMigration).catch(() => []);
  if (migrations.length > 0)
    log.warn(
      { migrations },
      'a later version has migrated this database: end the upgrade, or restore the backup from before it; there is no way back but that',
    );
}

/** Where it fails, housekeeping does it. */
async function awaitInstants(deps: Deps): Promise<void> {
  try {
    await awaitMissing(deps);
  } catch (thrown) {
    deps.log.error({ err: describeError(thrown) }, 'it could not be asked which instants of articles are not awaited');
  }
}

/** Where it fails, as on a read-only server, searches use the pairs of the program, and housekeeping stores them later. */
async function makeAliases({ db, log }: Deps): Promise<void> {
  try {
    await plantAliases(db.read);
  } catch (thrown) {
    log.error({ err: describeError(thrown) }, 'the aliases of the search could not be made');
  }
}

/** Where it fails, they stay under the seal that they have, and the next start tries again. */
async function sealSecretsAnew({ db, log, webhookSecrets }: Deps): Promise<void> {
  try {
    const { sealed, lost, found } = await webhookSecrets.sealAnew(db);
    if (sealed.length > 0)
      log.info({ webhooks: sealed.length }, 'secrets of webhooks are sealed with the JWT_SECRET of now');
    if (lost.length > 0)
      log.error(
        { webhooks: lost },
        'no JWT_SECRET opens the secrets of these webhooks: they are disabled until they are rotated',
      );
    if (found.length > 0)
      log.info({ webhooks: found }, 'the secrets of these webhooks can be read again: they are enabled');
  } catch (thrown) {
    log.error({ err: describeError(thrown) }, 'the secrets of webhooks could not be sealed anew');
  }
}

async function makeAccountAndDemo({ deps, services }: RunningApp, dataDir: string | null): Promise<FirstRun> {
  const { db, passwords, config, log } = deps;
  const populated = await hasUsers(db.read);
  const account = populated ? null : await firstAccount(deps, dataDir);
  if (!populated && account === null)
    log.warn('nobody can log in: set ADMIN_EMAIL and ADMIN_PASSWORD and start again, or use create-user');
  const made = account === null ? 'present' : await ensureFirstAdmin({ db, passwords }, credentialsOf(account));
  const demo = config.DEMO ?? (dataDir !== null && made === 'created');
  return { account: made === 'created' ? account : null, articles: demo ? await plant(deps, services) : 0 };
}

const credentialsOf = ({ email, password }: FirstAccount) => ({ email, password, name: 'প্রধান সম্পাদক' });

async function firstAccount({ config }: Deps, dataDir: string | null): Promise<FirstAccount | null> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  if (email !== undefined && password !== undefined) return { email, password, passwordFile: null };
  if (dataDir === null) return null;
  // Stored before the account is made: a start that is killed in between must not leave a password that nobody knows.
  const name = 'admin-password';
  return {
    email: 'admin@khobor.example',
    password: await keptSecret(dataDir, name, 12, 12),
    passwordFile: `${dataDir}/${name}`,
  };
}

/** Makes the demonstration in the name of the oldest admin; without an admin, nothing. Returns the number of articles. */
async function plant(deps: Deps, services: RunningApp['services']): Promise<number> {
  const admin = await findOldestAdmin(deps.db.read);
  if (admin === null) return 0;
  const actor = { userId: admin.id, name: admin.name, role: 'admin', sessionId: null, key: null, token: null } as const;
  return plantDemo({ db: deps.db, publicUrl: deps.config.PUBLIC_URL, ...services }, actor);
}
