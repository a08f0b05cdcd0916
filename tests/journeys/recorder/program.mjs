import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export const admin = { email: 'admin@khobor.example', password: 'শাপলা-ফোটে-বিলের-জলে' };
export const publicUrl = 'https://journey.example/api';
const hook = pathToFileURL(join(import.meta.dirname, 'hook.mjs')).href;
const startLimitMs = 240_000;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Starts the built program with a PostgreSQL of its own; the folder of its data is removed when it stops. */
export async function startProgram(main, settings = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'khobor-journey-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DEMO: 'false',
    PUBLIC_URL: publicUrl,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    RATE_LIMIT_WRITES: '1000000',
    RATE_LIMIT_LOGIN_ACCOUNT: '1000',
    RATE_LIMIT_LOGIN_ADDRESS: '10000',
    LOG_LEVEL: 'error',
    TRASH_DAYS: '30',
    // The journey moves times by SQL, of which no event tells.
    RESPONSE_CACHE_BYTES: '0',
    ...settings,
  };
  const child = spawn(process.execPath, ['--import', hook, main], {
    env,
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const waiting = new Map();
  child.on('message', ({ id, answer, fault }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) resolve(answer);
    else reject(new Error(fault));
  });
  let count = 0;
  const ask = (message) =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, { resolve, reject });
      child.send({ id: count, ...message });
    });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } }).then(
      ({ status }) => status === 200,
      () => false,
    );
  const began = performance.now();
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() - began > startLimitMs) {
      await stop();
      throw new Error('the program did not start');
    }
    await delay(20);
  }
  return {
    port,
    /** Plain SQL on its database, for what only time does. */
    sql: (sql, values = []) => ask({ sql, values }),
    /** Every statement that it has sent: its name, a tab, its text. */
    statements: () => ask({}),
    stop,
  };
}
