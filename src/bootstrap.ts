import { randomBytes } from 'node:crypto';
import { openServices } from './app.ts';
import type { Deps } from './deps.ts';
import { plantDemo } from './features/demo/demo.service.ts';
import { ensureFirstAdmin } from './features/users/first-admin.ts';

/** The first account where it was made just now, to be shown once. */
export type FirstAccount = { email: string; password: string; generated: boolean };

/**
 * An empty house gets its first admin, from ADMIN_EMAIL and ADMIN_PASSWORD or (`embedded` only) with a random password,
 * and the demonstration newsroom: on the embedded database unless DEMO=false, elsewhere only with DEMO=true.
 */
export async function bootstrap(
  deps: Deps,
  embedded: boolean,
): Promise<{ account: FirstAccount | null; articles: number }> {
  const { config, db, passwords } = deps;
  const given = config.ADMIN_EMAIL !== undefined && config.ADMIN_PASSWORD !== undefined;
  if (!given && !embedded) return { account: null, articles: config.DEMO === true ? await plant(deps) : 0 };
  const account = {
    email: config.ADMIN_EMAIL ?? 'admin@khobor.example',
    password: config.ADMIN_PASSWORD ?? randomBytes(12).toString('base64url'),
    generated: !given,
  };
  const made = await ensureFirstAdmin(
    { db, passwords },
    { email: account.email, password: account.password, name: 'প্রধান সম্পাদক' },
  );
  const demo = config.DEMO ?? (embedded && made === 'created');
  return { account: made === 'created' ? account : null, articles: demo ? await plant(deps) : 0 };
}

/** The newsroom belongs to the oldest admin; without one there is nobody to write it. */
async function plant(deps: Deps): Promise<number> {
  const text = `SELECT id::text, name FROM @users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY created_at, id LIMIT 1`;
  const [admin] = await deps.db.read<{ id: string; name: string }>({ text });
  if (admin === undefined) return 0;
  const actor = { userId: admin.id, name: admin.name, role: 'admin', sessionId: '' } as const;
  return plantDemo({ db: deps.db, servicesOn: (db) => openServices(deps, db) }, actor);
}
