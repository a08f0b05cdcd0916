import { execFile, spawn } from 'node:child_process';
import { readFile, readlink, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The user that PostgreSQL runs as. Empty: the user of this process. */
export type Account = { readonly uid?: number; readonly gid?: number };

const nobody = 65534;
/** The whole environment of PostgreSQL. PGPORT, PGOPTIONS, LD_LIBRARY_PATH or a locale of the caller must not reach it. */
export const plainEnv = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

const exec = promisify(execFile);
const options = { env: plainEnv, cwd: '/' };

/** The text of a file, or null if it does not exist. */
export async function readFileText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  });
}

/** Whether a process is a PostgreSQL server on that cluster. A server's working directory is its data folder. */
export async function servesFrom(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === clusterDir;
  const { stdout } = await exec('ps', ['-o', 'args=', '-p', String(pid)], options).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(clusterDir);
}

/**
 * A text that identifies this use of this pid (pids are reused, also after a reboot), or null if the process has ended.
 * A zombie counts as ended: if pid 1 reaps nothing, as in many containers, it stays for ever.
 */
export async function lifeOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') {
    const { stdout } = await exec('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options).catch(() => ({
      stdout: '',
    }));
    const [state = '', ...started] = stdout.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : started.join(' ');
  }
  const line = await readFileText(`/proc/${pid}/stat`);
  if (line === null) return null;
  // The second field is a name in brackets that may hold spaces and brackets; state is the 3rd and start time the 22nd.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return `${(await readFileText('/proc/sys/kernel/random/boot_id'))?.trim()} ${fields[19]}`;
}

/** Polls every 10 ms until the answer is true; false if `timeoutMs` pass first. */
export async function until(done: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await done())) {
    if (performance.now() > end) return false;
    await delay(10);
  }
  return true;
}

/** Runs a program to its end as that user. Throws an Error with its stderr if it cannot start or fails. */
export async function run(account: Account, file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { ...options, ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${file} failed (${signal ?? code}): ${said
              .trim()
              .split(/\s*\n\s*/)
              .slice(0, 5)
              .join(' | ')
              .slice(0, 1_000)}`,
          ),
        );
    });
  });
}

/** Whether that user may enter a folder, which needs all folders above it too. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  return run(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]).then(
    () => true,
    () => false,
  );
}

/**
 * The user to run PostgreSQL as. PostgreSQL refuses root, so for root it is the owner of the existing cluster or, for a new
 * cluster, uid 65534: no user is created. Throws an Error if the cluster belongs to another user.
 */
export async function accountFor(clusterDir: string): Promise<Account> {
  const me = process.getuid?.() ?? 0;
  const found = await stat(clusterDir).catch(() => null);
  if (me === 0) return found === null ? { uid: nobody, gid: nobody } : { uid: found.uid, gid: found.gid };
  if (found !== null && found.uid !== me) {
    throw new Error(`${clusterDir} belongs to uid ${found.uid} and this is uid ${me}: start as the user who made it`);
  }
  return {};
}
