// What readers get from a Varnish with docs/varnish.vcl before the API, while editors write:
//
//   npm run chaos:varnish [-- --seconds 60] [-- --readers 8]
//
// Prints the share of hits in mixed traffic, how soon a change that was acknowledged is seen through Varnish, whether
// anything older was served later than that, and for how long readers are served once the API is gone. Needs Debian's
// `varnish` and `varnish-modules`.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';
import { missingOfVarnish, startVarnish } from './varnish-server.mjs';
import { share } from './webhook-house.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, readers: { type: 'string', default: '8' } },
});
const [seconds, readerCount] = [Number(values.seconds), Number(values.readers)];
const articles = 200;
const readersRestMs = 5;
const writesEveryMs = 500;

/** When something older than what was acknowledged may be served no more. */
const staleMs = 2_000;

async function call({ url, token }, method, path, body, more = {}) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more };
  const res = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  const answer = await res.json();
  if (!res.ok) throw new Error(`${method} ${path} was answered ${res.status} ${answer.code}`);
  return answer;
}

async function plant(api) {
  const tags = [];
  for (const name of ['নদী', 'কৃষি', 'খেলা']) tags.push(await call(api, 'POST', '/v1/tags', { name }));
  const stories = [];
  for (let made = 0; made < articles; made += 1) {
    const body = { title: `ঘাটের খবর ${made} ${randomUUID().slice(0, 8)}`, body: '<p>নদীর ঘাটে আজ ভিড় ছিল।</p>' };
    const sent = { ...body, status: 'published', tags: [tags[made % 3].slug] };
    stories.push(await call(api, 'POST', '/v1/articles', sent));
  }
  return { tags, stories };
}

/** A few articles are read most, as everywhere. */
const often = (list) => list[Math.floor(list.length * Math.random() ** 3)];

function pathOf({ stories, tags }) {
  const dice = Math.random();
  if (dice < 0.2) return { path: '/v1/latest' };
  if (dice < 0.3) return { path: `/v1/latest?tag=${often(tags).id}` };
  const story = often(stories);
  return { path: `/v1/articles/${story.id}`, story };
}

/** Reads until told otherwise; `acknowledged` has the newest version of each article and since when it is known. */
async function read(url, planted, acknowledged, seen, isOver) {
  while (!isOver()) {
    const { path, story } = pathOf(planted);
    const began = performance.now();
    const res = await fetch(`${url}${path}`).catch(() => undefined);
    const body = await res?.json().catch(() => undefined);
    seen.reads += 1;
    if (res?.status !== 200) seen.failures += 1;
    // Of what Varnish had, it names the request that fetched it too.
    if (/\d \d/.test(res?.headers.get('x-varnish') ?? '')) seen.hits += 1;
    const known = story && acknowledged.get(story.id);
    if (known && began - known.at > staleMs && body?.version < known.version) seen.stale += 1;
    await delay(readersRestMs);
  }
}

/** Changes one article after another; gives how long each took to be seen through Varnish, after its acknowledgement. */
async function write(api, url, planted, acknowledged, isOver) {
  const lags = [];
  while (!isOver()) {
    const story = often(planted.stories);
    const path = `/v1/articles/${story.id}`;
    const { version } = await call(api, 'PATCH', path, { kicker: randomUUID() }, { 'If-Match': '*' });
    const at = performance.now();
    acknowledged.set(story.id, { version, at });
    for (;;) {
      const seen = await fetch(`${url}${path}`).then((res) => res.json());
      if (seen.version >= version || performance.now() - at > 15_000) break;
      await delay(2);
    }
    lags.push(performance.now() - at);
    await delay(writesEveryMs);
  }
  return lags;
}

/** What readers get of the page that is read most, once the API is gone: for how long it is still there. */
async function servedWithout(url, planted) {
  const path = `${url}/v1/articles/${planted.stories[0].id}`;
  const began = performance.now();
  while (performance.now() - began < 90_000) {
    const status = await fetch(path).then(
      (res) => res.status,
      () => 0,
    );
    if (status !== 200) return (performance.now() - began) / 1_000;
    await delay(250);
  }
  return Number.POSITIVE_INFINITY;
}

const missing = missingOfVarnish();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
build();
const folder = makeFolder();
const dataDir = join(folder, 'house');
mkdirSync(dataDir, { mode: 0o711 });
const house = await openHouse(dataDir);
const one = await instance({ ...house.env, WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' });
let [varnish, good] = [undefined, false];
try {
  await one.start();
  varnish = await startVarnish(folder, one.port);
  const api = { url: one.url, token: await logIn(one.url) };
  await call(api, 'POST', '/v1/webhooks', { name: 'ভার্নিশ', type: 'varnish', url: varnish.url });
  const planted = await plant(api);
  const end = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() > end;
  const [acknowledged, seen] = [new Map(), { reads: 0, hits: 0, failures: 0, stale: 0 }];
  const readers = Array.from({ length: readerCount }, () => read(varnish.url, planted, acknowledged, seen, isOver));
  const lags = await write(api, varnish.url, planted, acknowledged, isOver);
  await Promise.all(readers);
  const [load] = loadavg();
  const [p50, p99] = [0.5, 0.99].map((part) => share(lags, part));
  await fetch(`${varnish.url}/v1/articles/${planted.stories[0].id}`).then((res) => res.arrayBuffer());
  await one.stop('SIGKILL');
  const aloneS = await servedWithout(varnish.url, planted);
  const hitRate = (100 * seen.hits) / seen.reads;
  console.log(`load ${load.toFixed(1)}; ${(seen.reads / seconds).toFixed(0)} reads a second, ${lags.length} changes`);
  console.log(`hits: ${hitRate.toFixed(1)} %`);
  console.log(`acknowledged to seen through Varnish: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);
  console.log(
    `older than what was acknowledged ${staleMs / 1_000} s before: ${seen.stale}; failures: ${seen.failures}`,
  );
  console.log(`served without the API: ${aloneS.toFixed(0)} s`);
  good = seen.stale === 0 && seen.failures === 0 && p99 <= 1_000 && aloneS >= 30 && aloneS <= 75;
} finally {
  await varnish?.stop();
  await one.stop('SIGKILL');
  await house.close();
  removeFolder(folder);
}
console.log(good ? 'as it should be' : 'NOT as it should be');
process.exit(good ? 0 : 1);
