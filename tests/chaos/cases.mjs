import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { administer, instance, isReady, makeFolder, openHouse, removeFolder } from './house.mjs';
import { findNginx, startNginx } from './nginx.mjs';

// What happens to the API and its PostgreSQL while clients go on. Each case gets the house, and gives what it saw besides.

const disturbedMs = 2_500;

/** Ends the API's sessions, as a server that restarts does; new ones meet what has changed. */
const endSessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'chaos'";

const restarted = (signal) => async (house) => {
  process.kill(house.postmaster(), signal);
};

/** For a while the statement holds; then it is taken back. */
const during = (before, after) => async (house) => {
  await administer(house.adminUrl, before, endSessions);
  await delay(disturbedMs);
  await administer(house.adminUrl, after, endSessions);
};

async function backendsKilled(house) {
  for (let turn = 0; turn < 5; turn += 1) {
    await administer(house.adminUrl, endSessions);
    await delay(400);
  }
}

async function processKilled(_house, api) {
  await api.stop('SIGKILL');
  await api.start();
}

async function longLock(house) {
  const client = new pg.Client({ connectionString: house.adminUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE articles IN SHARE ROW EXCLUSIVE MODE');
  await delay(disturbedMs + 1_000);
  await client.query('ROLLBACK');
  await client.end();
}

/** Everything that another program would write into the folder's disk, until nothing more fits. */
async function fillDisk(house) {
  const ballast = join(house.dataDir, 'ballast');
  const { bavail, bsize } = statfsSync(house.dataDir);
  const chunk = Buffer.alloc(1_048_576);
  try {
    for (let left = bavail * bsize; left > 0; left -= chunk.length) writeFileSync(ballast, chunk, { flag: 'a' });
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
  await delay(disturbedMs);
  rmSync(ballast);
}

/** A house whose data is on a small disk in memory; `skip` where that may not be mounted. */
export async function openSmallHouse() {
  const folder = makeFolder();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=420m,mode=711', 'tmpfs', dataDir]).status === 0;
  if (!mounted) {
    removeFolder(folder);
    return { skip: 'mounting a tmpfs is not allowed here' };
  }
  const leave = () => {
    spawnSync('umount', [dataDir]);
    removeFolder(folder);
  };
  try {
    const house = await openHouse(dataDir, { max_wal_size: '64MB', min_wal_size: '32MB' });
    return { ...house, close: () => house.close().finally(leave) };
  } catch (error) {
    leave();
    throw error;
  }
}

/** nginx's own `fail_timeout`, for which an instance is out of turn after it has refused a call, and a little more. */
const betweenStopsMs = 11_000;

/** Two instances behind nginx with the block of the README, stopped in turn, each started again at once. */
async function stopsBehindNginx(stops, instances) {
  for (let stop = 0; stop < stops; stop += 1) {
    const each = instances[stop % 2];
    await each.stop();
    await each.start();
    if (stop < stops - 1) await delay(betweenStopsMs);
  }
}

/** `disturb` happens while the load is on. */
export const cases = [
  { name: 'PostgreSQL restarted, fast', disturb: restarted('SIGINT') },
  { name: 'PostgreSQL restarted, immediate', disturb: restarted('SIGQUIT') },
  { name: 'backends killed, five times', disturb: backendsKilled },
  { name: 'process killed (-9)', disturb: processKilled },
  {
    name: 'read-only',
    disturb: during(
      'ALTER ROLE chaos SET default_transaction_read_only = on',
      'ALTER ROLE chaos RESET default_transaction_read_only',
    ),
  },
  {
    name: 'connection limit of 2',
    disturb: during('ALTER ROLE chaos CONNECTION LIMIT 2', 'ALTER ROLE chaos CONNECTION LIMIT -1'),
  },
  { name: 'long lock on articles', disturb: longLock },
  { name: 'disk full (log)', log: '/dev/full', disturb: () => delay(disturbedMs) },
  { name: 'disk full (data)', open: openSmallHouse, disturb: fillDisk },
  {
    name: 'stops behind nginx',
    skip: () => (findNginx() === undefined ? 'nginx is not installed' : undefined),
    env: { PUBLIC_URL: 'http://127.0.0.1/api', TRUST_PROXY: '1', SHUTDOWN_DELAY_MS: '1000' },
    async proxy(folder, house, api, env) {
      const second = await instance({ ...house.env, ...env });
      await second.start();
      const instances = [api, second];
      const nginx = await startNginx(folder, instances);
      const close = async () => {
        await nginx.stop();
        await second.stop();
      };
      return { url: nginx.url, disturb: (stops) => stopsBehindNginx(stops, instances), close };
    },
  },
];

export const untilReady = async (url, limitMs = 30_000) => {
  const end = performance.now() + limitMs;
  while (!(await isReady(url))) {
    if (performance.now() > end) return false;
    await delay(50);
  }
  return true;
};
