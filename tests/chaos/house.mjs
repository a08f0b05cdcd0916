import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

// What is disturbed: a PostgreSQL of its own, a database in it, and instances of the API upon that.

export const checkout = join(import.meta.dirname, '../..');
export const account = { email: 'chaos@khobor.example', password: 'ঝড়ের-মধ্যেও-লেখা-চলে' };

export function build() {
  if (
    spawnSync(process.execPath, [join(checkout, 'src/cli/build.mjs'), '--modules'], { stdio: 'inherit' }).status !== 0
  )
    throw new Error('the program does not compile');
}

/** A fresh folder that PostgreSQL's own user may pass through. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'khobor-chaos-'));
  chmodSync(folder, 0o711);
  return folder;
}

export const removeFolder = (folder) => rmSync(folder, { recursive: true, force: true });

export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export const isReady = (url) =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000), headers: { connection: 'close' } }).then(
    (res) => res.status === 200,
    () => false,
  );

const startLimitMs = 60_000;

/**
 * One instance of the API, which can be started again and again on its port. `log` is a file for its output; it is thrown
 * away without.
 */
export async function instance(env, { log } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child;
  return {
    port,
    url,
    pid: () => child?.pid,
    async start() {
      const began = performance.now();
      const output = log === undefined ? 'ignore' : openSync(log, 'w');
      child = spawn(process.execPath, [join(checkout, 'dist/main.js')], {
        env: { PATH: process.env.PATH, HOST: '127.0.0.1', LOG_LEVEL: 'info', ...env, PORT: String(port) },
        cwd: tmpdir(),
        stdio: ['ignore', output, 'inherit'],
      });
      if (typeof output === 'number') closeSync(output);
      while (!(await isReady(url))) {
        if (child.exitCode !== null) throw new Error(`the API did not start (exit ${child.exitCode})`);
        if (performance.now() - began > startLimitMs) throw new Error('the API does not become ready');
        await delay(20);
      }
      return Math.round(performance.now() - began);
    },
    /** Sends a signal and waits for the end; gives how it ended. */
    async stop(signal = 'SIGTERM') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
      const ended = new Promise((resolve) => child.once('exit', (code, name) => resolve(name ?? code)));
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs one statement after another on a connection of its own, as the server's superuser. */
export async function administer(url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    let rows = [];
    for (const one of statements) {
      const [text, values] = typeof one === 'string' ? [one] : one;
      rows = (await client.query(text, values)).rows;
    }
    return rows;
  } finally {
    await client.end().catch(() => {});
  }
}

const withoutDatabase = (url, name, user) => {
  const changed = new URL(url);
  if (name !== undefined) changed.pathname = `/${name}`;
  if (user !== undefined) Object.assign(changed, user);
  return changed.toString();
};

/** A PostgreSQL in a folder, with a database that belongs to a role of its own. `env` is what an instance needs. */
export async function openHouse(dataDir, settings = {}) {
  const { openEmbedded } = await import('../../dist/modules/embedded/embedded.js');
  const embedded = await openEmbedded({ dataDir, settings: { max_connections: '60', ...settings } });
  const password = 'a-password-of-chaos';
  await administer(embedded.url, `CREATE ROLE chaos LOGIN PASSWORD '${password}'`, 'CREATE DATABASE chaos OWNER chaos');
  return {
    adminUrl: withoutDatabase(embedded.url, 'chaos'),
    dataDir,
    env: {
      DATABASE_URL: withoutDatabase(embedded.url, 'chaos', { username: 'chaos', password }),
      JWT_SECRET: 'a-secret-of-chaos-that-is-long-enough-0123456789',
      ADMIN_EMAIL: account.email,
      ADMIN_PASSWORD: account.password,
      RATE_LIMIT_WRITES: '1000000',
    },
    postmaster: () => Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]),
    close: () => embedded.stop(),
  };
}
