// Whether receivers are told of everything, in order and in time, while things go wrong:
//
//   npm run chaos:webhooks [-- --case losses] [-- --seconds 30] [-- --waiting 10000] [-- --rounds 3] [-- --turns 16]
//
// An API that sends nothing itself, workers that do, and a sink that checks signatures after the text of Standard Webhooks.
// Lags are from the commit, by PostgreSQL's own clock. After the writers have ended, pauses are cut short where a sink fails.
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';
import { cost, draining, losses, restart } from './webhook-cases.mjs';
import { startSink } from './webhook-house.mjs';
import { latency } from './webhook-latency.mjs';

const cases = { losses, latency, draining, cost, restart };
const number = (fallback) => ({ type: 'string', default: String(fallback) });
const { values } = parseArgs({
  options: {
    case: { type: 'string', default: Object.keys(cases).join(',') },
    seconds: number(30),
    waiting: number(10_000),
    rounds: number(3),
    turns: number(16),
  },
});
const asked = Object.fromEntries(['seconds', 'waiting', 'rounds', 'turns'].map((name) => [name, Number(values[name])]));

build();
const folder = makeFolder();
const dataDir = join(folder, 'house');
mkdirSync(dataDir, { mode: 0o711 });
const house = await openHouse(dataDir, { track_commit_timestamp: 'on' });
const sink = await startSink();
const env = { ...house.env, WEBHOOKS: 'off', WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' };
const api = await instance(env);
const rows = [];
try {
  await api.start();
  const world = { house, adminUrl: house.adminUrl, env, sink, url: api.url, apiPid: api.pid };
  for (const [name, play] of Object.entries(cases).filter(([known]) => values.case.split(',').includes(known))) {
    const [load] = loadavg();
    // A token lasts a quarter of an hour.
    const found = await play({ ...world, token: await logIn(api.url) }, asked);
    rows.push(...found);
    for (const row of found) console.log(`${name} (load ${load.toFixed(1)} before): ${row.what}: ${row.got}`);
  }
} finally {
  await api.stop('SIGKILL');
  sink.stop();
  await house.close();
  removeFolder(folder);
}
console.log('| what | wanted | found | |');
console.log('| --- | --- | --- | --- |');
for (const { what, want, got, good } of rows) console.log(`| ${what} | ${want} | ${got} | ${good ? 'yes' : 'NO'} |`);
process.exit(rows.every(({ good }) => good) ? 0 : 1);
