import { Agent, get } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { isMain } from './command.mjs';
import { processorMs, stopAll } from './processes.mjs';
import { startSearched } from './search-database.mjs';
import { planted, vocabulary } from './search-words.mjs';
import { chance } from './words.mjs';

// What searches cost over HTTP: 300 queries of 20 kinds, on a database that `search-million.mjs` has filled.

const day = 86_400_000;
const perKind = 15;

/** The kinds of queries. Each gets a row of chance and the number of the query. */
function kindsOf({ tags, sources }) {
  const rank = (random, from, to) => vocabulary[from + Math.floor(random() * (to - from))];
  const common = (random) => rank(random, 0, 40);
  const middle = (random) => rank(random, 300, 3_000);
  const rare = (random) => rank(random, 60_000, 150_000);
  const ago = (days) => new Date(Date.now() - days * day).toISOString();
  return {
    'one of the commonest': (_, index) => ({ q: vocabulary[index % 12] }),
    'a word of the middle': (random) => ({ q: middle(random) }),
    'a rare word': (random) => ({ q: rare(random) }),
    'a word of ten articles': () => ({ q: planted.rare }),
    'a word that is nowhere': (_, index) => ({ q: `ঘঝঢথ${'ফধভ'[index % 3]}` }),
    'two common': (random) => ({ q: `${common(random)} ${common(random)}` }),
    'a common and a rare': (random) => ({ q: `${common(random)} ${rare(random)}` }),
    'three of the middle': (random) => ({ q: `${middle(random)} ${middle(random)} ${middle(random)}` }),
    'in 30 %, none in the newest half': (random, index) => ({
      q: index % 2 ? planted.onlyOld : `${planted.onlyOld} ${common(random)}`,
    }),
    'two of 20 % that never meet': (random, index) => ({
      q: index % 2 ? planted.apart.join(' ') : `${planted.apart.join(' ')} ${common(random)}`,
    }),
    'a phrase of common words, never neighbours': () => ({ q: `"${planted.strangers.join(' ')}"` }),
    'a phrase of common words': (random) => ({ q: `"${common(random)} ${common(random)}"` }),
    'a phrase of three': (random) => ({ q: `"${common(random)} ${middle(random)} ${common(random)}"` }),
    'a common without a common': (random) => ({ q: `${common(random)} -${common(random)}` }),
    'a common in the title': (random) => ({ q: `title:${common(random)}` }),
    'a rare tag': (random) => ({ q: common(random), tag: tags[tags.length - 1 - Math.floor(random() * 20)] }),
    'a source': (random) => ({ q: common(random), source: sources[Math.floor(random() * sources.length)] }),
    'a language': (random) => ({ q: `${middle(random)} ${common(random)}`, language: 'en' }),
    'years ago': (random) => ({
      q: common(random),
      publishedFrom: ago(1_500),
      publishedTo: ago(1_400 - 300 * random()),
    }),
    'the third page': (random) => ({ q: `${common(random)} ${middle(random)}`, pages: 3 }),
  };
}

/** All queries: the same for the same labels. */
export function queriesOf(labels) {
  const random = chance(14);
  return Object.entries(kindsOf(labels)).flatMap(([kind, make]) =>
    Array.from({ length: perKind }, (_, index) => ({ kind, query: make(random, index) })),
  );
}

const pathOf = ({ pages: _, ...query }) => `/v1/search?${new URLSearchParams(query)}`;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = (times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95), worst: sorted.at(-1) };
};
const shown = ({ p50, p95, worst }) => [p50, p95, worst].map((ms) => ms.toFixed(1).padStart(8)).join('');

const agent = new Agent({ keepAlive: true });

/** An answer as text. `fetch` takes two to three times the processor time of this, on the processors that are measured. */
const read = (url) =>
  new Promise((resolve, reject) => {
    const answered = (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    };
    get(url, { agent }, answered).on('error', reject);
  });

/** Asks a query, page by page if it is about a later one; gives the times of the last page. */
async function ask(url, query, pids) {
  let after;
  let [took, work] = [0, null];
  for (let page = 0; page < (query.pages ?? 1); page += 1) {
    const before = processorMs(pids);
    const began = performance.now();
    const { status, text } = await read(`${url}${pathOf(query)}${after ? `&after=${after}` : ''}`);
    took = performance.now() - began;
    work = before === null ? null : processorMs(pids) - before;
    if (status !== 200) throw new Error(`${pathOf(query)} answered ${status}`);
    if (page + 1 === (query.pages ?? 1)) break;
    after = JSON.parse(text).page.nextCursor;
    if (after === null) break;
  }
  return { took, work };
}

/** Keeps the least of several figures of a query. */
const keepLeast = (best, query, figure) => best.set(query, Math.min(figure, best.get(query) ?? figure));

/** Asks every query `rounds` times, `connections` at a time; gives the times and the processor times by kind, each query's best. */
async function timesOf(url, queries, { connections, rounds, pids = [] }) {
  const [times, work] = [new Map(), new Map()];
  const one = async (rest) => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const answer = await ask(url, next.query, pids);
      keepLeast(times, next, answer.took);
      if (answer.work !== null) keepLeast(work, next, answer.work);
    }
  };
  for (let round = 0; round < rounds; round += 1) {
    const rest = [...queries];
    await Promise.all(Array.from({ length: connections }, () => one(rest)));
  }
  return { times: grouped(times), work: grouped(work) };
}

function grouped(best) {
  const times = new Map();
  for (const [{ kind }, took] of best) times.set(kind, [...(times.get(kind) ?? []), took]);
  return times;
}

const looksMax = 600;
const quietLooks = 10;

/** Waits until the program has done what it does at its start, as it then looks for articles without an entry. */
async function settled(client) {
  const active = `SELECT count(*)::int AS active FROM pg_stat_activity WHERE application_name = 'khobor' AND state <> 'idle'`;
  for (let looks = 0, quiet = 0; looks < looksMax && quiet < quietLooks; looks += 1) {
    quiet = (await client.query(active)).rows[0].active === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * PostgreSQL plans a statement anew for its first five executions on each connection, which for several connections takes a
 * few rounds.
 */
export async function searchCost(databaseUrl, rounds = 1) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const slugs = async (text) => (await client.query(text)).rows.map(({ slug }) => slug);
  const labels = {
    tags: await slugs('SELECT slug FROM tags ORDER BY slug'),
    sources: await slugs('SELECT slug FROM sources ORDER BY slug'),
  };
  const sizes = (
    await client.query(`SELECT pg_size_pretty(pg_relation_size('search_entries_terms_idx')) AS index, pg_size_pretty(pg_total_relation_size('search_entries') - pg_indexes_size('search_entries')) AS table,
    (SELECT count(*)::int FROM search_entries) AS rows, current_setting('server_version') AS server`)
  ).rows[0];
  const backends = async () =>
    (await client.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'khobor'")).rows.map(
      ({ pid }) => pid,
    );
  console.log(
    `${sizes.rows.toLocaleString('en')} entries of articles of 3,000 characters, ${sizes.table}, their index ${sizes.index}; PostgreSQL ${sizes.server}; load ${loadavg()[0].toFixed(1)} on ${cpus().length} processors`,
  );
  const queries = queriesOf(labels);
  const server = await startSearched(databaseUrl);
  try {
    await settled(client);
    for (const [order, more, warmRounds] of [
      ['newest first', {}, 6],
      ['by relevance', { sort: 'relevance' }, 1],
    ]) {
      const asked = queries.map(({ kind, query }) => ({ kind, query: { ...query, ...more } }));
      for (const connections of [1, 8]) {
        const alone = connections === 1;
        await timesOf(server.url, asked, { connections, rounds: alone ? 1 : warmRounds });
        const pids = [server.pid, ...(await backends())];
        const { times, work } = await timesOf(server.url, asked, { connections, rounds, ...(alone ? { pids } : {}) });
        console.log(`\n${order}, ${connections} at a time, best of ${rounds}: p50, p95, worst in ms`);
        if (alone) for (const [kind, of] of times) console.log(`${shown(figures(of))}  ${kind}`);
        console.log(`${shown(figures([...times.values()].flat()))}  all ${asked.length}`);
        if (alone) console.log(`${shown(figures([...work.values()].flat()))}  all, time on processors`);
      }
    }
  } finally {
    await server.stop();
    await client.end();
  }
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { url: { type: 'string' }, rounds: { type: 'string', default: '1' } } });
  try {
    await searchCost(values.url, Number(values.rounds));
  } finally {
    await stopAll();
  }
}
