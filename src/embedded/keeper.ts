import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stopOrphan } from './cluster.ts';
import { type Account, plainEnv, readFileText, until } from './process.ts';

export type StartOptions = {
  readonly postgres: string;
  readonly clusterDir: string;
  /** PostgreSQL's own log file. A new one is begun at every start of this program. */
  readonly logFile: string;
  readonly account: Account;
  /** Added to our settings; they override ours. */
  readonly settings: Readonly<Record<string, string>>;
};

/** One running PostgreSQL process. `exited` resolves to the reason in words. */
export type RunningCluster = { readonly exited: Promise<string>; stop(): Promise<void> };

/**
 * The parent process of PostgreSQL. Its stdin is a pipe from us, which closes when we stop or die, even by kill -9. It then
 * sends PostgreSQL the signal for a fast shutdown. PostgreSQL does not inherit the pipe. Exits with PostgreSQL's exit code.
 */
const keeper = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(while read -r line; do :; done <&3; kill -INT "$server") 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"`;

const readyTimeoutMs = 300_000;

const megabyte = 1024 * 1024;

/**
 * The pages that PostgreSQL keeps itself, in megabytes: a quarter of the memory, as its manual advises, from its own default up
 * to 1 GB. With less, searches of many articles read most pages anew. Memory is only taken for pages that are used.
 */
export const sharedBuffersOf = (memoryBytes: number): number =>
  Math.min(Math.max(Math.floor(memoryBytes / 4 / megabyte), 128), 1024);

/** The memory of the machine, or of the container if that has a limit. */
const memoryBytes = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

function serverArguments({ clusterDir, settings }: StartOptions, port: number): string[] {
  const ours = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    jit: 'off',
    shared_buffers: `${sharedBuffersOf(memoryBytes())}MB`,
    // Failed statements may contain what editors wrote, and the API reports them. Only events of the server are logged.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
  return [
    '-D',
    clusterDir,
    ...Object.entries({ ...ours, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

function launch(options: StartOptions, output: FileHandle, port: number): RunningCluster {
  const child: ChildProcess = spawn(
    '/bin/sh',
    ['-c', keeper, 'khobor-postgres', options.postgres, ...serverArguments(options, port)],
    // Detached: Ctrl-C in a terminal reaches the whole process group, and the API still needs its database to shut down.
    { ...options.account, cwd: '/', env: plainEnv, detached: true, stdio: ['pipe', output.fd, output.fd] },
  );
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  // A process that forgets to call `stop` can still exit, and PostgreSQL ends with it.
  child.unref();
  const stop = async () => {
    child.ref();
    child.stdin?.end();
    const patience = new AbortController();
    const late = delay(20_000, 'late', { signal: patience.signal }).catch(() => 'late');
    if ((await Promise.race([exited, late])) === 'late') await stopOrphan(options.clusterDir);
    patience.abort();
  };
  return { exited, stop };
}

/** Starts PostgreSQL once and waits until it takes connections. If it ends first, throws an Error with its last log lines. */
export async function startOnce(options: StartOptions, output: FileHandle, port: number): Promise<RunningCluster> {
  await stopOrphan(options.clusterDir);
  const status = () => readFileText(join(options.clusterDir, 'postmaster.pid'));
  const stale = await status();
  const { size } = await output.stat();
  const running = launch(options, output, port);
  let ended: string | null = null;
  running.exited.then((reason) => {
    ended = reason;
  });
  const ready = async () => {
    const now = await status();
    return ended !== null || (now !== stale && now?.split('\n')[7]?.trim() === 'ready');
  };
  if (!(await until(ready, readyTimeoutMs))) ended = `not ready in ${readyTimeoutMs / 1000} s`;
  if (ended === null) return running;
  await running.stop();
  const said = (await readFile(options.logFile)).subarray(size).toString().trim().split('\n');
  // The lines up to the reason and its details, without those that tell what came of it.
  const reason = said.findIndex((line) => / (PANIC|FATAL): /.test(line));
  const after = said.findIndex((line, place) => place > reason && !/ (DETAIL|HINT|CONTEXT): /.test(line));
  const lastWords = (reason < 0 || after < 0 ? said : said.slice(0, after)).slice(-4).join(' | ');
  throw new Error(`PostgreSQL did not start (${ended}): ${lastWords} (log: ${options.logFile})`);
}
