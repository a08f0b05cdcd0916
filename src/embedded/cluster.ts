import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { type Account, lifeOf, readFileText, run, servesFrom, until } from './process.ts';

/** The owner of the cluster and of its database. */
export const databaseUser = 'khobor';

type ClusterOptions = {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly account: Account;
  /** False for data that need not outlive a power cut. */
  readonly durable: boolean;
};

export const clusterDirOf = (dataDir: string) => join(dataDir, 'postgres');

/**
 * Makes the cluster in `<dataDir>/postgres` when there is none, and gives the password of its user (kept in
 * `<dataDir>/postgres.password`, mode 600). What an interrupted start left half made is removed.
 */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const { dataDir, binaries } = options;
  const passwordFile = join(dataDir, 'postgres.password');
  await removeUnfinished(dataDir);
  const version = (await readFileText(join(clusterDirOf(dataDir), 'PG_VERSION')))?.trim();
  if (version === undefined) return createCluster(options, passwordFile);
  if (version !== binaries.major) {
    throw new Error(
      `${clusterDirOf(dataDir)} is data of PostgreSQL ${version}, and this release brings PostgreSQL ${binaries.major}: ` +
        'write it out by pg_dump with the release that made it, then read it in here by pg_restore.',
    );
  }
  const password = (await readFileText(passwordFile))?.trim();
  if (!password) throw new Error(`${passwordFile} is missing: bring it back from a backup of ${dataDir}`);
  return password;
}

async function createCluster(options: ClusterOptions, passwordFile: string): Promise<string> {
  const { dataDir, account } = options;
  const password = randomBytes(24).toString('hex');
  const workshop = join(dataDir, `postgres.new-${randomBytes(4).toString('hex')}`);
  const handOver = (path: string) =>
    account.uid === undefined ? undefined : chown(path, account.uid, account.gid ?? 0);
  await mkdir(workshop, { mode: 0o700 });
  await writeFile(join(workshop, 'password'), password, { mode: 0o600 });
  await handOver(join(workshop, 'password'));
  await handOver(workshop);
  // Before initdb, whose sync puts it safely on the disk together with the cluster.
  await writeFile(`${passwordFile}.new`, password, { mode: 0o600 });
  await chmod(`${passwordFile}.new`, 0o600);
  await rename(`${passwordFile}.new`, passwordFile);
  await run(account, options.binaries.initdb, initdbArguments(workshop, options.durable));
  await rename(join(workshop, 'cluster'), clusterDirOf(dataDir));
  await removeUnfinished(dataDir);
  return password;
}

function initdbArguments(workshop: string, durable: boolean): string[] {
  // macOS has no C.UTF-8 of its own; nothing that we store rests on this category.
  const characters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  return [
    `--pgdata=${join(workshop, 'cluster')}`,
    `--username=${databaseUser}`,
    `--pwfile=${join(workshop, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--lc-ctype=${characters}`,
    ...(durable ? [] : ['--no-sync']),
  ];
}

async function removeUnfinished(dataDir: string): Promise<void> {
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'));
  // An initdb that outlived its parent may still write there: what cannot go now goes at the next start.
  await Promise.all(left.map((name) => rm(join(dataDir, name), { recursive: true, force: true }).catch(() => {})));
}

/**
 * Ends a PostgreSQL that still runs on this cluster without us: fast, and after 10 seconds at once (it then recovers
 * from its log; nothing committed is lost). An Error when it does not go.
 */
export async function stopOrphan(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  const pid = Number((await readFileText(pidFile))?.split('\n')[0]);
  if (!(pid > 0)) return;
  const gone = async () => (await lifeOf(pid)) === null || !(await servesFrom(pid, clusterDir));
  for (const signal of [null, 'SIGINT', 'SIGQUIT'] as const) {
    if (signal !== null) send(pid, signal);
    if (!(await until(gone, signal === null ? 0 : 10_000))) continue;
    // The pid may be a zombie or by now another process (in a container they repeat): PostgreSQL would take that for
    // itself. What a killed server's children still use it finds out by the shared memory, not by this file.
    if (send(pid, 0)) await rm(pidFile, { force: true });
    return;
  }
  throw new Error(`another PostgreSQL (pid ${pid}) runs on ${clusterDir} and does not stop: end it and start again`);
}

/** Whether there was a process to send it to. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
