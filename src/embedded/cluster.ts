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
  /** False for data that need not survive a power cut. */
  readonly durable: boolean;
};

export const clusterDirOf = (dataDir: string) => join(dataDir, 'postgres');

/**
 * Creates the cluster in `<dataDir>/postgres` if there is none. Returns the password of its user, which is stored in
 * `<dataDir>/postgres.password` (mode 600). Leftovers of an interrupted start are removed.
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
  // Written before initdb, whose sync puts it safely on the disk together with the cluster.
  await writeFile(`${passwordFile}.new`, password, { mode: 0o600 });
  await chmod(`${passwordFile}.new`, 0o600);
  await rename(`${passwordFile}.new`, passwordFile);
  await run(account, options.binaries.initdb, initdbArguments(workshop, options.durable));
  await rename(join(workshop, 'cluster'), clusterDirOf(dataDir));
  await removeUnfinished(dataDir);
  return password;
}

function initdbArguments(workshop: string, durable: boolean): string[] {
  // macOS has no C.UTF-8. Nothing that we store depends on this locale category.
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
  // An initdb that outlived its parent may still write there. What cannot be removed now is removed at the next start.
  await Promise.all(left.map((name) => rm(join(dataDir, name), { recursive: true, force: true }).catch(() => {})));
}

/**
 * Ends a PostgreSQL that still runs on this cluster without us: first a fast shutdown, after 10 seconds an immediate one
 * (it then recovers from its log; nothing committed is lost). Throws an Error if it does not end.
 */
export async function stopOrphan(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  let text: string | null = null;
  const pidIn = () => Number(text?.split('\n')[0]);
  const isSettled = async () => {
    text = await readFileText(pidFile);
    return text === null || pidIn() > 0;
  };
  // A power cut may leave the file without a pid, and PostgreSQL does not start then: it cannot tell that from a server that is
  // just writing it, which takes no second.
  if (!(await until(isSettled, 1_000))) await rm(pidFile, { force: true });
  const pid = pidIn();
  if (!(pid > 0)) return;
  const gone = async () => (await lifeOf(pid)) === null || !(await servesFrom(pid, clusterDir));
  for (const signal of [null, 'SIGINT', 'SIGQUIT'] as const) {
    if (signal !== null) send(pid, signal);
    if (!(await until(gone, signal === null ? 0 : 10_000))) continue;
    // The pid may belong to a zombie or by now to another process (pids repeat in containers), which a new PostgreSQL would
    // take for a running server. It detects surviving children of a killed server by shared memory, not by this file.
    if (send(pid, 0)) await rm(pidFile, { force: true });
    return;
  }
  throw new Error(`another PostgreSQL (pid ${pid}) runs on ${clusterDir} and does not stop: end it and start again`);
}

/** Sends a signal. False if there is no such process. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
