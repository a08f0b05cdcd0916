// What clients see while something goes wrong, a row for each case:
//
//   npm run chaos [-- --case nginx] [-- --stops 20]
//
// 8 writers and 8 readers go on calling before, during and after; then the database is asked for what was acknowledged.
// Passes when nothing was lost, doubled or stored in part, and every case was served again at its end.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cases, untilReady } from './cases.mjs';
import { build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { judge } from './judge.mjs';
import { logIn, startLoad } from './load.mjs';

const { values } = parseArgs({
  options: { case: { type: 'string', default: '' }, stops: { type: 'string', default: '4' } },
});
const stops = Number(values.stops);
const beforeMs = 1_000;
const afterMs = 2_000;

async function run(one, house, folder) {
  const api = await instance({ ...house.env, ...one.env }, { log: one.log });
  let proxy;
  try {
    await api.start();
    proxy = await one.proxy?.(folder, house, api, one.env);
    const url = proxy?.url ?? api.url;
    const load = startLoad(url, await logIn(url));
    await delay(beforeMs);
    if (proxy) await proxy.disturb(stops);
    else await one.disturb(house, api);
    const back = await untilReady(url);
    await delay(afterMs);
    const seen = await load.end();
    const exit = await api.stop();
    return { ...seen, ...(await judge(house.adminUrl, seen.acknowledged)), back: back && exit === 0 };
  } finally {
    await proxy?.close();
    await api.stop('SIGKILL');
  }
}

/** One case, in the common house or in one of its own. */
async function play(one, common, folder) {
  const skipped = one.skip?.();
  if (skipped !== undefined) return { skipped };
  if (one.open === undefined) return run(one, common, folder);
  const house = await one.open();
  if (house.skip !== undefined) return { skipped: house.skip };
  try {
    return await run(one, house, folder);
  } finally {
    await house.close();
  }
}

const wordsOf = (failures) =>
  [...failures]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} x ${count}`)
    .join(', ') || 'none';

const passed = (result) =>
  result.skipped !== undefined ||
  (result.lost === 0 && result.doubled === 0 && result.half === 0 && result.back && result.acknowledged.size > 0);

function rowOf(name, result) {
  if (result.skipped !== undefined) return `| ${name} | skipped: ${result.skipped} | | | | | |`;
  const { calls, lost, doubled, half, outageMs, failures, back } = result;
  const failed = `${wordsOf(failures)}${back ? '' : '; NOT SERVED AGAIN'}`;
  return `| ${name} | ${calls} | ${lost} | ${doubled} | ${half} | ${outageMs} | ${failed} |`;
}

build();
const folder = makeFolder();
const dataDir = join(folder, 'house');
mkdirSync(dataDir, { mode: 0o711 });
const common = await openHouse(dataDir);
const results = [];
try {
  for (const one of cases.filter(({ name }) => name.includes(values.case))) {
    const result = await play(one, common, folder);
    results.push(result);
    console.error(`${passed(result) ? 'passed' : 'FAILED'}: ${one.name}`);
    result.row = rowOf(one.name, result);
  }
} finally {
  await common.close();
  removeFolder(folder);
}
console.log('| case | calls | lost | doubled | in part | readers without an answer for, ms | failures |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const { row } of results) console.log(row);
process.exit(results.length > 0 && results.every(passed) ? 0 : 1);
