import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/db/embedded.ts';

/** Settings for data that nobody needs after the run. */
export const hastySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** A fresh folder under the system's temporary one that PostgreSQL's user may pass through. */
export async function makeTestDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'khobor-test-'));
  await chmod(dir, 0o711);
  return dir;
}

/**
 * The PostgreSQL of a test run: that of `TEST_DATABASE_URL`, which `stop` leaves alone, or one of our own in a temporary
 * folder, which `stop` ends and removes. `adminUrl` may create and drop databases.
 */
export async function openTestPostgres(): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { adminUrl: given, stop: async () => {} };
  const dataDir = await makeTestDir();
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const postgres = await openEmbedded({ dataDir, settings: hastySettings });
    return { adminUrl: postgres.url, stop: () => postgres.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
