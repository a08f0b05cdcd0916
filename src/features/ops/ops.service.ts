import { Failure, unavailable } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import { isMigrated } from './ops.repository.ts';

export type OpsParts = {
  db: Db;
  lifecycle: { readonly stopping: boolean };
  outbox: { readonly carrier: 'notify' | 'polling' };
  newestMigration: string;
};

/** Throws unless calls can be served: not on the way out, and a database with the newest migration that this program knows. */
export async function checkReady({ db, lifecycle, newestMigration }: Omit<OpsParts, 'outbox'>): Promise<void> {
  if (lifecycle.stopping) throw unavailable(undefined, 'stopping');
  const migrated = await isMigrated(db.read, newestMigration).catch((thrown: unknown) => {
    // Also a database without the ledger is one that cannot serve.
    throw thrown instanceof Failure ? thrown : unavailable(thrown);
  });
  if (!migrated) throw unavailable(undefined, 'unmigrated');
}
