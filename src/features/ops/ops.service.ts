import { Failure, unavailable } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import { isMigrated } from './ops.repository.ts';

export type OpsParts = {
  db: Db;
  lifecycle: { readonly stopping: boolean };
  outbox: { readonly carrier: 'notify' | 'polling' };
  newestMigration: string;
};

/**
 * Throws 503 unless calls can be served: the server is not stopping, and the database has the newest migration that this
 * program knows.
 */
export async function checkReady({ db, lifecycle, newestMigration }: Omit<OpsParts, 'outbox'>): Promise<void> {
  if (lifecycle.stopping) throw unavailable(undefined, 'stopping');
  const migrated = await isMigrated(db.read, newestMigration).catch((thrown: unknown) => {
    // A database without the table of migrations cannot serve either.
    throw thrown instanceof Failure ? thrown : unavailable(thrown);
  });
  if (!migrated) throw unavailable(undefined, 'unmigrated');
}
