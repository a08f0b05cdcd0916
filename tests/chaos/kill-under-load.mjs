// Kills the API (and once its PostgreSQL) with SIGKILL while editors write, and then looks for what was lost. By hand:
//
//   node tests/chaos/kill-under-load.mjs [--seconds 30] [--kills 5] [--writers 8]
//
// Unlike the cases of chaos.mjs, here the API has brought its PostgreSQL along, which ends and comes back with it. Passes
// when every acknowledged version of every article is there with its revision and its event, and no article,
// acknowledged or not, is there twice or in part.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { account, build, instance, isReady, makeFolder, removeFolder } from './house.mjs';
import { judge } from './judge.mjs';
import { logIn, startLoad } from './load.mjs';

const number = (fallback) => ({ type: 'string', default: String(fallback) });
const { values } = parseArgs({ options: { seconds: number(30), kills: number(5), writers: number(8) } });
const [seconds, kills, writers] = [values.seconds, values.kills, values.writers].map(Number);

build();
const dataDir = makeFolder();
const api = await instance({
  DATA_DIR: dataDir,
  DEMO: 'false',
  ADMIN_EMAIL: account.email,
  ADMIN_PASSWORD: account.password,
  RATE_LIMIT_WRITES: '1000000',
});
const postmaster = () => readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');

async function killPostgres() {
  const began = performance.now();
  process.kill(Number(postmaster()[0]), 'SIGKILL');
  while (await isReady(api.url)) await delay(5);
  while (!(await isReady(api.url))) await delay(20);
  console.log(`PostgreSQL killed; served again after ${Math.round(performance.now() - began)} ms`);
}

try {
  const firstReadyMs = await api.start();
  const load = startLoad(api.url, await logIn(api.url), { writers, readers: 0 });
  const readyMs = [];
  const pauseMs = (seconds * 1_000) / (kills + 2);
  for (let kill = 0; kill <= kills; kill += 1) {
    await delay(pauseMs * (0.5 + Math.random() * 0.5));
    if (kill === Math.floor(kills / 2)) await killPostgres();
    else {
      await api.stop('SIGKILL');
      readyMs.push(await api.start());
      console.log(`API killed; served again after ${readyMs.at(-1)} ms`);
    }
  }
  const { acknowledged, failures, calls } = await load.end();
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  const found = await judge(`postgresql://khobor:${password}@127.0.0.1:${postmaster()[3]}/khobor`, acknowledged);
  const passed = found.lost === 0 && found.doubled === 0 && found.half === 0 && acknowledged.size > 0;
  const readyMsMax = Math.max(...readyMs);
  const failed = Object.fromEntries(failures);
  console.log({ calls, failed, acknowledgedArticles: acknowledged.size, ...found, firstReadyMs, readyMsMax, passed });
  process.exitCode = passed ? 0 : 1;
} finally {
  await api.stop();
  removeFolder(dataDir);
}
