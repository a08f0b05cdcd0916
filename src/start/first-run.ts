import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../core/describe-error.ts';
import { Failure } from '../core/errors.ts';
import { servingFault } from '../db/rights.ts';
import type { Deps } from '../deps.ts';
import { plantDemo } from '../features/demo/demo.service.ts';
import { checkReady } from '../features/ops/ops.service.ts';
import { ensureFirstAdmin } from '../features/users/first-admin.ts';
import { findOldestAdmin, hasUsers } from '../features/users/users.repository.ts';
import { renewIdentityKeys } from '../labels/identity-renewal.ts';
import type { RunningApp } from '../services.ts';
import { explain, type FirstAccount } from './console.ts';
import { keptSecret } from './installation.ts';
import { recordSettingsChange } from './settings-change.ts';

export type FirstRun = { account: FirstAccount | null; articles: number };

const nothing: FirstRun = { account: null, articles: 0 };

/** Instances that start together wait for the first one's newsroom, each time for as long as a lock may take. */
const triesMax = 20;

/**
 * An empty database gets its first admin, from ADMIN_EMAIL and ADMIN_PASSWORD or (on the embedded database, whose folder
 * is `dataDir`) with a random password, and the demonstration newsroom: on the embedded database unless DEMO=false,
 * elsewhere only with DEMO=true. All of it or nothing, however many instances start together.
 */
export async function setUp(running: RunningApp, dataDir: string | null): Promise<FirstRun> {
  const { deps } = running;
  if (deps.config.DEMO !== true && (await hasUsers(deps.db.read))) return nothing;
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.db.transaction(() => furnish(running, dataDir));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'Unavailable' || tries === triesMax) throw thrown;
    }
  }
}

/** Why calls cannot be served yet, in a sentence for the operator; null where they can. */
async function faultOf(deps: Deps): Promise<string | null> {
  try {
    const fault = await servingFault(deps.db);
    if (fault === null) await checkReady(deps);
    return fault;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) return String(thrown);
    return thrown.extras.outage === 'unmigrated'
      ? 'migrations are missing (MIGRATE=off): no call is served until they are applied'
      : thrown.message;
  }
}

const lookEveryMs = 1_000;

/** Gives why it could not be done, if so. */
async function trySetUp(running: RunningApp, dataDir: string | null): Promise<string | null> {
  const { deps } = running;
  const fault = await faultOf(deps);
  if (fault !== null) return fault;
  try {
    const { account, articles } = await setUp(running, dataDir);
    // Behind what may be tried again and again.
    await renewIdentities(deps);
    await noteSettings(deps);
    deps.log.info({ account: account?.email, articles }, 'calls are served');
    return null;
  } catch (error) {
    return `the first account could not be made yet: ${explain(error)}`;
  }
}

/** Until it is done: whatever keeps it from being done is told once and tried again. */
async function setUpLater(
  running: RunningApp,
  dataDir: string | null,
  first: { told: string; stop: AbortSignal },
): Promise<void> {
  const { stop } = first;
  for (let told = first.told; !stop.aborted; ) {
    await pause(lookEveryMs, undefined, { signal: stop, ref: false }).catch(() => {});
    const fault = await trySetUp(running, dataDir);
    if (fault === null) return;
    if (fault !== told && !stop.aborted) running.deps.log.error(fault);
    told = fault;
  }
}

/**
 * The same once calls can be served. Where migrations are applied elsewhere (MIGRATE=off) that may be later, and the
 * process answers 503 until then. Throws where the role of the database lacks a right.
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
  const told = mayWait ? await faultOf(deps) : null;
  if (told !== null) {
    deps.log.warn(told);
    void setUpLater(running, dataDir, { told, stop });
    return nothing;
  }
  await renewIdentities(deps);
  await noteSettings(deps);
  return setUp(running, dataDir);
}

/** Whatever is in its way ends no start: labels keep the keys that they have, and the next start tries again. */
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

async function furnish({ deps, services }: RunningApp, dataDir: string | null): Promise<FirstRun> {
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
  // Kept before the account is made: a start that is killed in between must not leave a password that nobody has seen.
  const name = 'admin-password';
  return {
    email: 'admin@khobor.example',
    password: await keptSecret(dataDir, name, 12),
    passwordFile: `${dataDir}/${name}`,
  };
}

/** The newsroom belongs to the oldest admin; without one there is nobody to write it. */
async function plant(deps: Deps, services: RunningApp['services']): Promise<number> {
  const admin = await findOldestAdmin(deps.db.read);
  if (admin === null) return 0;
  const actor = { userId: admin.id, name: admin.name, role: 'admin', sessionId: null, key: null } as const;
  return plantDemo({ db: deps.db, publicUrl: deps.config.PUBLIC_URL, ...services }, actor);
}
