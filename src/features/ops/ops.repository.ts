import type { Read } from '../../db/tx.ts';

/** A caller who asks for readiness waits only a second or two for the answer. */
const readyStatement = {
  name: 'ready',
  timeoutMs: 1_500,
  text: 'SELECT EXISTS (SELECT 1 FROM @_prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL) AS ready',
};

/** Whether a migration was applied completely. */
export async function isMigrated(read: Read, migration: string): Promise<boolean> {
  const [row] = await read<{ ready: boolean }>(readyStatement, [migration]);
  return row?.ready === true;
}

const later = {
  name: 'later_migrations',
  text: 'SELECT migration_name AS name FROM @_prisma_migrations WHERE migration_name > $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
};

/** The applied migrations that come after this one. */
export async function listLaterMigrations(read: Read, migration: string): Promise<string[]> {
  const rows = await read<{ name: string }>(later, [migration]);
  return rows.map(({ name }) => name);
}
