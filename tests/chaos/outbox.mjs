// Whether every change gets its position, once, and how soon, while things go wrong:
//
//   npm run chaos:outbox [-- --seconds 20] [-- --hung 60] [-- --due 1000]
//
// 16 writers, also of what is rolled back, upon three processes; then beside a transaction of another session that hangs;
// then one of the processes is killed (-9). After that so many articles become public within one second, and one of two
// processes is killed meanwhile. The lag is from one commit to the other, by PostgreSQL's own clock. Passes when nothing was
// lost, doubled, or numbered although it was rolled back.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { administer, build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';
import { rolledBack, startFollower, startWriters } from './outbox-writers.mjs';

const number = (fallback) => ({ type: 'string', default: String(fallback) });
const { values } = parseArgs({ options: { seconds: number(20), hung: number(60), due: number(1000) } });
const [seconds, hungSeconds, dueCount] = [values.seconds, values.hung, values.due].map(Number);
const writers = 16;

/** Lags in milliseconds of the events that fit, sorted. */
async function lags(url, from, where, parameters = []) {
  const commit = (row) => `pg_xact_commit_timestamp(${row}.xmin)`;
  const text = `SELECT round(extract(epoch FROM ${commit('c')} - ${from === 'commit' ? commit('e') : 'e.at'}) * 1000, 1)::float8 AS lag
    FROM events e JOIN changes c ON c.event_seq = e.seq WHERE ${where(commit('e'))} ORDER BY 1`;
  return (await administer(url, [text, parameters])).map(({ lag }) => lag);
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

const rows = [];
function tell(what, sorted, { lost, doubled, undone = 0 }) {
  const [p50, p99, max] = [0.5, 0.99, 1].map((part) => share(sorted, part).toFixed(1));
  rows.push(`| ${what} | ${sorted.length} | ${lost} | ${doubled} | ${undone} | ${p50} | ${p99} | ${max} |`);
  return lost === 0 && doubled === 0 && undone === 0 && sorted.length > 0;
}

/** What the database says: events without a position, or with more than one, or of what was rolled back. */
async function count(url) {
  const [found] = await administer(url, [
    `SELECT (SELECT count(*)::int FROM events e WHERE NOT EXISTS (SELECT FROM changes c WHERE c.event_seq = e.seq)) AS lost,
       (SELECT count(*)::int FROM changes c WHERE NOT EXISTS (SELECT FROM events e WHERE e.seq = c.event_seq)) AS strays,
       (SELECT (count(*) - count(DISTINCT c.event_seq))::int FROM changes c) AS doubled,
       (SELECT (max(c.position) - count(*))::int FROM changes c) AS gaps,
       (SELECT count(*)::int FROM events e LEFT JOIN articles a ON a.id = e.subject_id
         WHERE e.subject_type = 'article' AND (a.id IS NULL OR a.title LIKE $1 || '%')) AS undone`,
    [rolledBack],
  ]);
  return { lost: found.lost + found.gaps, doubled: found.doubled, undone: found.undone + found.strays };
}

const untilNumbered = async (url) => {
  for (let left = 500; left > 0 && (await administer(url, 'SELECT 1 FROM unnumbered')).length > 0; left -= 1)
    await delay(20);
};

const clock = async (url) => (await administer(url, 'SELECT clock_timestamp()::text AS now'))[0].now;

async function writing(house, instances) {
  const urls = instances.map(({ url }) => url);
  const token = await logIn(urls[0]);
  const load = startWriters(urls, token, writers);
  const followers = urls.map((_, index) => startFollower(urls, token, index));
  const hung = new pg.Client({ connectionString: house.adminUrl });
  await hung.connect();
  const phases = [];
  const phase = async (what, forSeconds) => {
    const from = await clock(house.adminUrl);
    await delay(forSeconds * 1_000);
    phases.push({ what, from, to: await clock(house.adminUrl) });
  };
  await delay(2_000);
  await phase('nothing goes wrong', seconds);
  await hung.query('BEGIN');
  const { rows: held } = await hung.query(
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
     VALUES (gen_random_uuid(), 'user.updated', 'user', gen_random_uuid(), 1, '{}', '{}') RETURNING seq`,
  );
  await phase('a transaction hangs', hungSeconds / 2);
  const killing = delay(1_000).then(() => instances[0].stop('SIGKILL'));
  await phase('a transaction hangs, one of three is killed', hungSeconds / 2);
  await killing;
  const written = await load.end();
  await hung.query('COMMIT');
  await hung.end();
  await untilNumbered(house.adminUrl);
  const followed = await Promise.all(followers.map((follower) => follower.end()));
  const found = await count(house.adminUrl);
  const between = (commit) => `e.seq <> $3 AND ${commit} BETWEEN $1::timestamptz AND $2::timestamptz`;
  let passed = true;
  for (const { what, from, to } of phases) {
    const sorted = await lags(house.adminUrl, 'commit', between, [from, to, held[0].seq]);
    passed = tell(what, sorted, found) && passed;
  }
  const missed = followed.map(
    ({ versions }) => [...written.acknowledged].filter(([id, version]) => (versions.get(id) ?? 0) < version).length,
  );
  const backwards = followed.map((one) => one.backwards);
  console.log(
    `${written.acknowledged.size} articles by ${written.calls} calls, ${written.rolledBack} bulks rolled back; of three followers missed ${missed}, went backwards ${backwards}`,
  );
  return passed && [...missed, ...backwards].every((faults) => faults === 0);
}

const bulk = 100;

/** Makes articles in one call. `instantOf` gives when each becomes public, undefined for a draft. */
async function make(url, token, count, instantOf) {
  const operations = Array.from({ length: count }, (_, index) => {
    const publishedAt = instantOf(index);
    const body = { title: `প্রভাতের খবর ${index}`, ...(publishedAt && { status: 'published', publishedAt }) };
    return { op: 'create', body };
  });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ operations });
  const res = await fetch(`${url}/v1/articles/bulk`, { method: 'POST', headers, body });
  const { results = [] } = await res.json();
  if (results.filter(({ status }) => status === 201).length < count) throw new Error('an article was not made');
}

/** Articles that become public within one second, made through the API; gives the instant of the first. */
async function schedule(url, token) {
  const began = Date.now();
  await make(url, token, bulk, () => undefined);
  // As long as it takes to make them, thrice.
  const first = Date.now() + 10_000 + (3 * (Date.now() - began) * dueCount) / bulk;
  for (let from = 0; from < dueCount; from += bulk)
    await make(url, token, Math.min(bulk, dueCount - from), (index) =>
      new Date(first + Math.floor(((from + index) * 1_000) / dueCount)).toISOString(),
    );
  if (Date.now() > first) throw new Error('it took too long to make the articles');
  return first;
}

const untilTaken = async (url) => {
  for (let left = 600; left > 0 && (await administer(url, 'SELECT 1 FROM due WHERE at <= now()')).length > 0; left -= 1)
    await delay(100);
};

async function falling(house, instances) {
  const [killed, other] = instances;
  const first = await schedule(other.url, await logIn(other.url));
  await delay(first + 500 - Date.now());
  await killed.stop('SIGKILL');
  await delay(1_000);
  await untilTaken(house.adminUrl);
  await untilNumbered(house.adminUrl);
  const told = `e.type = 'article.published' AND e.at >= to_timestamp($1::float8 / 1000)`;
  const [found] = await administer(house.adminUrl, [
    `SELECT $2::int - count(DISTINCT e.subject_id)::int AS lost, (count(*) - count(DISTINCT e.subject_id))::int AS doubled
     FROM events e JOIN articles a ON a.id = e.subject_id JOIN changes c ON c.event_seq = e.seq WHERE ${told} AND e.at = a.published_at`,
    [Math.floor(first), dueCount],
  ]);
  const sorted = await lags(house.adminUrl, 'instant', () => told, [Math.floor(first)]);
  return tell(`${dueCount} due in one second, one of two is killed`, sorted, found);
}

build();
const folder = makeFolder();
const dataDir = join(folder, 'house');
mkdirSync(dataDir, { mode: 0o711 });
const house = await openHouse(dataDir, { track_commit_timestamp: 'on' });
const instances = [];
const passed = [];
try {
  for (let made = 0; made < 3; made += 1) {
    instances.push(await instance(house.env));
    await instances[made].start();
  }
  passed.push(await writing(house, instances));
  const [, second, third] = instances;
  passed.push(await falling(house, [second, third]));
} finally {
  await Promise.all(instances.map((one) => one.stop('SIGKILL')));
  await house.close();
  removeFolder(folder);
}
console.log('| what | events | lost | doubled | of what was rolled back | lag p50, ms | p99 | max |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const row of rows) console.log(row);
process.exit(passed.every((one) => one) ? 0 : 1);
