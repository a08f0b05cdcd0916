import { randomInt } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningCluster, type StartOptions, startOnce } from './keeper.ts';

/** Gets one line when the server ends by itself or does not start again (`error`), or is back (`info`). */
export type EmbeddedLog = (level: 'info' | 'error', line: string) => void;

export type ServerOptions = StartOptions & {
  readonly log: EmbeddedLog;
  /** Default: a random free port. */
  readonly choosePort?: () => Promise<number>;
};

/** A PostgreSQL that is restarted on the same port whenever it ends by itself. */
export type Server = { readonly port: number; stop(): Promise<void> };

const stableMs = 10_000;
const backoffMsMax = 5_000;

/**
 * A free port below the ephemeral ports (32768 and up on Linux, 49152 on macOS), so that no outgoing connection uses it when
 * PostgreSQL has to restart on it.
 */
async function freePort(triesLeft = 100): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  if (free) return port;
  if (triesLeft === 0) throw new Error('No port of 127.0.0.1 between 20000 and 32000 can be listened on');
  return freePort(triesLeft - 1);
}

const passing = /Address already in use|pre-existing shared memory|lock file .* already exists/;

/** Retries: another program may take the port before the start, and children of a killed server need a moment to end. */
async function startOnFreePort(options: ServerOptions, output: FileHandle): Promise<[RunningCluster, number]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await (options.choosePort ?? freePort)();
    try {
      return [await startOnce(options, output, port), port];
    } catch (error) {
      if (!passing.test(String(error)) || attempt === 8) throw error;
      await delay(25 * 2 ** attempt);
    }
  }
}

/** Opens a PostgreSQL on a free port of 127.0.0.1 and keeps it alive until `stop`. */
export async function openServer(options: ServerOptions): Promise<Server> {
  await rm(options.logFile, { force: true });
  const output = await open(options.logFile, 'ax', 0o600);
  try {
    const [running, port] = await startOnFreePort(options, output);
    const stopKept = keepAlive(running, (signal) => startAgain(options, output, port, signal), options.log);
    let stopped: Promise<void> | null = null;
    const stop = () => {
      stopped ??= stopKept().finally(() => output.close());
      return stopped;
    };
    return { port, stop };
  } catch (error) {
    await output.close();
    throw error;
  }
}

type StartAgain = (signal: AbortSignal) => (failures: number) => Promise<RunningCluster | null>;

/** Restarts PostgreSQL whenever it ends by itself. Returns the function that ends both. */
function keepAlive(first: RunningCluster, again: StartAgain, log: EmbeddedLog): () => Promise<void> {
  const stopping = new AbortController();
  const startNext = again(stopping.signal);
  let running = first;
  const watch = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const since = performance.now();
      const reason = await running.exited;
      if (stopping.signal.aborted) return;
      log('error', `PostgreSQL ended by itself (${reason}) and is started again`);
      failures = performance.now() - since > stableMs ? 0 : failures + 1;
      running = (await startNext(failures)) ?? running;
    }
  };
  const watched = watch();
  return async () => {
    stopping.abort();
    await running.stop();
    await watched;
    // A restart that was under way may have replaced `running`.
    await running.stop();
  };
}

/** Retries with exponential backoff until PostgreSQL runs; null if `signal` aborts first. */
function startAgain(options: ServerOptions, output: FileHandle, port: number, signal: AbortSignal) {
  return async (failuresBefore: number): Promise<RunningCluster | null> => {
    for (let failures = failuresBefore; ; failures += 1) {
      const waitMs = Math.min(backoffMsMax, 50 * 2 ** failures);
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return null;
      try {
        const running = await startOnce(options, output, port);
        options.log('info', `PostgreSQL is back on port ${port}`);
        return running;
      } catch (error) {
        options.log('error', error instanceof Error ? error.message : String(error));
      }
    }
  };
}
