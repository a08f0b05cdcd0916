import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The programs under test, each a process of its own, with its output thrown away.

export const checkout = join(dirname(fileURLToPath(import.meta.url)), '../..');

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const answers = (url) =>
  fetch(url, { headers: { connection: 'close' } }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const startLimitMs = 60_000;
const stopLimitMs = 15_000;

const running = new Set();

/** Ends what is still running, as after a failure. */
export const stopAll = () => Promise.all([...running].map((stop) => stop()));

/** Starts a program and waits for its first 200. `readyMs` is how long that took. */
export async function startProcess(command, args, { env, path = '/v1/latest' }) {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(command, args, {
    cwd: checkout,
    stdio: 'ignore',
    // A group of its own, so that a program which starts another, as npm does, ends with it.
    detached: true,
    env: { ...process.env, HOST: '127.0.0.1', ...env, PORT: String(port) },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  const stop = async () => {
    running.delete(stop);
    if (!ended) process.kill(-child.pid, 'SIGTERM');
    await exited;
    const limit = performance.now() + stopLimitMs;
    while (isRunning(-child.pid) && performance.now() < limit) await pause(20);
  };
  running.add(stop);
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url + path))) {
    if (ended) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}`);
    if (performance.now() - began > startLimitMs) throw new Error(`${args.join(' ')} does not answer`);
    await pause(5);
  }
  const readyMs = performance.now() - began;
  return { url, readyMs, pid: child.pid, stop };
}

/** Megabytes of a process that are in memory; undefined where there is no /proc. */
export function residentMb(pid) {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** Runs a load from another process; gives what it measured. */
export const runLoad = (options) => runScript(join(checkout, 'tests/bench/load.mjs'), JSON.stringify(options));

/** Runs a script with one argument; gives the JSON that it prints. */
export function runScript(script, argument) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, argument], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (part) => {
      output += part;
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the load ended with ${code}`)),
    );
  });
}

/** Milliseconds that processes have run on a processor, which other work on the machine hardly changes; null without /proc. */
export function processorMs(pids) {
  try {
    const threads = pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`));
    return threads.reduce(
      (sum, path) => sum + Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
      0,
    );
  } catch {
    return null;
  }
}

/** The same of a process and of those that it has started, in hundredths of a second; those that have ended count too. */
export function familyMs(pid) {
  const own = (id) => {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 10 * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  };
  const started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...started].reduce((sum, id) => {
    try {
      return sum + own(id);
    } catch {
      return sum;
    }
  }, 0);
}

/** The process that started this one. */
export const parentOf = (pid) => Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
