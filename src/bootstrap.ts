import { setTimeout as pause } from 'node:timers/promises';
import { openServices } from './app.ts';
import { describeError } from './core/describe-error.ts';
import { Failure } from './core/errors.ts';
import { renewIdentityKeys } from './db/identity-renewal.ts';
import type { Deps } from './deps.ts';
import { plantDemo } from './features/demo/demo.service.ts';
import { checkReady } from './features/ops/ops.service.ts';
import { ensureFirstAdmin } from './features/users/first-admin.ts';
import { hasUsers } from './features/users/users.repository.ts';
import { keptSecret } from './house.ts';

/** The first account where it was made just now. `passwordFile` holds the password if it was not given but made. */
export type FirstAccount = { email: string; password: string; passwordFile: string | null };

export type FirstThings = { account: FirstAccount | null; articles: number };

const nothing: FirstThings = { account: null, articles: 0 };

/** Instances that start together wait for the first one's newsroom, each time for as long as a lock may take. */
const triesMax = 20;

/**
 * An empty house gets its first admin, from ADMIN_EMAIL and ADMIN_PASSWORD or (on the embedded database, whose folder
 * is `dataDir`) with a random password, and the demonstration newsroom: on the embedded database unless DEMO=false,
 * elsewhere only with DEMO=true. All of it or nothing, however many instances start together.
 */
export async function bootstrap(deps: Deps, dataDir: string | null): Promise<FirstThings> {
  if (deps.config.DEMO !== true && (await hasUsers(deps.db.read))) return nothing;
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.db.transaction(() => furnish(deps, dataDir));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'Unavailable' || tries === triesMax) throw thrown;
    }
  }
}

const isReady = (deps: Deps) =>
  checkReady(deps).then(
    () => true,
    () => false,
  );

const lookEveryMs = 1_000;

/**
 * The same where migrations are applied elsewhere (MIGRATE=off): at once if they are there, or else as soon as they are,
 * while the process answers 503.
 */
export async function bootstrapWhenMigrated(
  deps: Deps,
  dataDir: string | null,
  stop: AbortSignal,
): Promise<FirstThings> {
  const { config, log } = deps;
  const begin = async () => {
    await renewIdentities(deps);
    return bootstrap(deps, dataDir);
  };
  if (config.MIGRATE === 'on' || (await isReady(deps))) return begin();
  log.warn('migrations are missing (MIGRATE=off): no call is served until they are applied');
  const later = async () => {
    while (!(await isReady(deps))) await pause(lookEveryMs, undefined, { signal: stop, ref: false });
    const { account, articles } = await begin();
    log.info({ account: account?.email, articles }, 'the migrations are there');
  };
  later().catch((error: unknown) => {
    if (!stop.aborted) log.error({ err: describeError(error) }, 'the first account could not be made');
  });
  return nothing;
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

async function furnish(deps: Deps, dataDir: string | null): Promise<FirstThings> {
  const { db, passwords, config, log } = deps;
  const populated = await hasUsers(db.read);
  const account = populated ? null : await firstAccount(deps, dataDir);
  if (!populated && account === null)
    log.warn('nobody can log in: set ADMIN_EMAIL and ADMIN_PASSWORD and start again, or use create-user');
  const made = account === null ? 'present' : await ensureFirstAdmin({ db, passwords }, credentialsOf(account));
  const demo = config.DEMO ?? (dataDir !== null && made === 'created');
  return { account: made === 'created' ? account : null, articles: demo ? await plant(deps) : 0 };
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
async function plant(deps: Deps): Promise<number> {
  const text = `SELECT id::text, name FROM @users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY created_at, id LIMIT 1`;
  const [admin] = await deps.db.read<{ id: string; name: string }>({ text });
  if (admin === undefined) return 0;
  const actor = { userId: admin.id, name: admin.name, role: 'admin', sessionId: null, key: null } as const;
  return plantDemo({ db: deps.db, publicUrl: deps.config.PUBLIC_URL, ...openServices(deps) }, actor);
}
