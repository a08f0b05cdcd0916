import { spawnSync } from 'node:child_process';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/embedded/embedded.ts';
import { openLock } from '../../src/embedded/lock.ts';

/** Settings for data that nobody needs after the run. */
export const hastySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  max_wal_size: '64MB',
  min_wal_size: '32MB',
  // Most suites run a statement a few times on a connection; PostgreSQL would plan each of the first five anew.
  plan_cache_mode: 'force_generic_plan',
};

/** A new folder in `parent` (default: the system's temporary folder) that PostgreSQL's user may enter. */
export async function makeTestDir(parent = tmpdir(), prefix = 'khobor-test-'): Promise<string> {
  const dir = await mkdtemp(join(parent, prefix));
  await chmod(dir, 0o711);
  return dir;
}

const memory = '/dev/shm';
const memoryBytesMin = 2 * 1024 ** 3;

/** Whether programs may run from a folder. PostgreSQL's programs are copied next to its data. */
async function runsPrograms(parent: string): Promise<boolean> {
  const folder = await makeTestDir(parent);
  const program = join(folder, 'program');
  await writeFile(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const { status } = spawnSync(program);
  await rm(folder, { recursive: true });
  return status === 0;
}

/**
 * Whether the data of a run, some hundreds of megabytes, can be in memory. A container often has only 64 MB there, or may
 * not run programs from it, and macOS has no such folder.
 */
async function hasMemory(): Promise<boolean> {
  try {
    await access(memory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(memory);
    const fits = bavail * bsize >= memoryBytesMin && freemem() >= 2 * memoryBytesMin;
    return fits && (await runsPrograms(memory));
  } catch {
    return false;
  }
}

const runPrefix = 'khobor-run-';

/** Removes the data of runs that were killed before they could do it. A run holds its folder from its start to its end. */
export async function removeLeftBehind(parent: string): Promise<void> {
  const names = await readdir(parent);
  for (const name of names.filter((each) => each.startsWith(runPrefix))) {
    const folder = join(parent, name);
    // Only a folder that a run once held: another may be about to be held.
    const held = await access(join(folder, 'khobor.pid')).then(
      () =>
        openLock(folder).then(
          () => false,
          () => true,
        ),
      () => true,
    );
    if (!held) await rm(folder, { recursive: true, force: true });
  }
}

const parentOfData = async () => ((await hasMemory()) ? memory : tmpdir());

/** A folder for PostgreSQL's data, in memory if possible: cloning a database takes 14 ms there, 330 ms on a disk. */
export const makeDataDir = async (): Promise<string> => makeTestDir(await parentOfData());

/**
 * The PostgreSQL of a test run: that of `TEST_DATABASE_URL`, which `stop` leaves alone, or an embedded one in a temporary
 * folder, which `stop` ends and removes. `adminUrl` may create and drop databases. `socketDir` has its Unix socket, if any.
 */
export async function openTestPostgres(): Promise<{ adminUrl: string; socketDir?: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { adminUrl: given, stop: async () => {} };
  const parent = await parentOfData();
  await removeLeftBehind(parent);
  const dataDir = await makeTestDir(parent, runPrefix);
  const socketDir = join(dataDir, 'sockets');
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    await mkdir(socketDir);
    await chmod(socketDir, 0o1777);
    // Each test file opens new connections, and to prove a password costs both sides some milliseconds.
    const rules = join(dataDir, 'trust.conf');
    await writeFile(rules, 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n', { mode: 0o644 });
    const settings = {
      ...hastySettings,
      // To clone or drop a database looks through all of them, and those of a test file are small.
      shared_buffers: '64MB',
      hba_file: rules,
      unix_socket_directories: socketDir,
      unix_socket_permissions: '0777',
    };
    const postgres = await openEmbedded({ dataDir, settings });
    return { adminUrl: postgres.url, socketDir, stop: () => postgres.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
