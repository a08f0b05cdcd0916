import { Failure, unavailable } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';

export type OpsParts = {
  db: Db;
  lifecycle: { readonly stopping: boolean };
  outbox: { readonly carrier: 'notify' | 'polling' };
  newestMigration: string;
};

/** Whoever asks for readiness waits a second or two for the answer. */
const readyStatement = {
  name: 'ready',
  timeoutMs: 1_500,
  text: 'SELECT EXISTS (SELECT 1 FROM @_prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL) AS ready',
};

/** Throws unless calls can be served: not on the way out, and a database with the newest migration that this program knows. */
export async function checkReady({ db, lifecycle, newestMigration }: Omit<OpsParts, 'outbox'>): Promise<void> {
  if (lifecycle.stopping) throw unavailable(undefined, 'stopping');
  const rows = await db.read<{ ready: boolean }>(readyStatement, [newestMigration]).catch((thrown: unknown) => {
    // Also a database without the ledger is one that cannot serve.
    throw thrown instanceof Failure ? thrown : unavailable(thrown);
  });
  if (rows[0]?.ready !== true) throw unavailable(undefined, 'unmigrated');
}
