import { parseArgs } from 'node:util';
import pg from 'pg';
import { openStems } from '../../dist/modules/article/search/stems.js';
import { openWords } from '../../dist/modules/article/search/words.js';
import { openCursors } from '../../dist/modules/core/page.js';
import { qualify } from '../../dist/modules/db/sql.js';
import { articleLists } from '../../dist/modules/features/articles/articles.lists.js';
import { articleQueries } from '../../dist/modules/features/articles/articles.schema.js';
import { isMain } from './command.mjs';
import { openBenchPostgres } from './database.mjs';
import { deskEditorId, plantDesk } from './desk.mjs';

// `node tests/bench/combinations.mjs --articles 1000000` asks for `GET /articles` by every filter and every two of them, in
// every order, as a stranger, an author and an editor, and names the slow ones. It ends with 1 when one takes too long.

const limitMs = { stranger: 300, author: 1_000, editor: 1_000 };
const namedFromMs = 100;
const orders = ['-publishedAt', 'publishedAt', 'title', '-title', '-updatedAt', 'updatedAt'];
const forStaff = ['draft', 'archived', 'expired', 'scheduled', 'two states', 'a word', 'two words', 'mine'];
const person = { userId: deskEditorId, name: 'রিনা আখতার', sessionId: null, key: null };
const callers = { stranger: null, author: { ...person, role: 'author' }, editor: { ...person, role: 'editor' } };

/** Filters by name, each a query key and its value: the common, the rare, what nothing matches, and an old day. */
async function filtersOf(client) {
  const first = async (sql) => Object.values((await client.query(sql)).rows[0])[0];
  const tag = (order) =>
    `SELECT t.slug FROM article_tags at JOIN tags t ON t.id = at.tag_id GROUP BY 1 ORDER BY count(*) ${order} LIMIT 1`;
  const source = (order) =>
    `SELECT s.slug FROM articles a JOIN sources s ON s.id = a.source_id GROUP BY 1 ORDER BY count(*) ${order} LIMIT 1`;
  const day = await first(`SELECT (min(published_at) + interval '200 days')::date::text FROM articles`);
  return {
    'a rare tag': { tag: await first(tag('ASC')) },
    'a common tag': { tag: await first(tag('DESC')) },
    'a rare source': { source: await first(source('ASC')) },
    'a common source': { source: await first(source('DESC')) },
    'a common language': { language: 'bn' },
    'a rarer language': { language: 'en' },
    'no language of ours': { language: 'fr' },
    'an old day': { publishedFrom: day, publishedTo: day },
    'before all': { publishedTo: '1990-01-01' },
    published: { status: 'published' },
    draft: { status: 'draft' },
    archived: { status: 'archived' },
    expired: { status: 'expired' },
    scheduled: { status: 'scheduled' },
    'two states': { status: 'published,draft' },
    'a word': { q: 'নদী' },
    'two words': { q: 'নদী মেলা' },
    mine: { createdBy: 'me' },
  };
}

const compatible = (a, b) => Object.keys(a).every((key) => !(key in b));

/** Nothing, every filter, and every two that can be asked together. */
function selections(filters) {
  const named = Object.entries(filters);
  const pairs = named.flatMap(([a, own], index) =>
    named.slice(index + 1).flatMap(([b, other]) => (compatible(own, other) ? [[a, b]] : [])),
  );
  return [[], ...named.map(([name]) => [name]), ...pairs];
}

/** Milliseconds of a second call, when what the first has warmed is warm. */
async function timeOf(lists, actor, query) {
  await lists.list(actor, query);
  const began = performance.now();
  await lists.list(actor, query);
  return performance.now() - began;
}

async function measure(client) {
  await plantDesk(client);
  const sql = qualify('public');
  const read = async ({ name, text }, values = []) =>
    (await client.query({ ...(name ? { name } : {}), text: sql(text), values: [...values] })).rows;
  const parts = { cursors: openCursors('of the benchmark'), publicUrl: 'https://news.example', timeZone: 'Asia/Dhaka' };
  const lists = articleLists({ db: { read }, words: openWords(read, openStems()), ...parts });
  const queries = articleQueries(100);
  const filters = await filtersOf(client);
  const times = [];
  for (const [who, actor] of Object.entries(callers))
    for (const sort of orders)
      for (const names of selections(filters)) {
        if (actor === null && (sort.endsWith('updatedAt') || names.some((name) => forStaff.includes(name)))) continue;
        const asked = Object.assign({ sort }, ...names.map((name) => filters[name]));
        const query = (actor === null ? queries.publicList : queries.list).parse(asked);
        times.push({ who, ms: await timeOf(lists, actor, query), what: `${sort}: ${names.join(' and ') || 'all'}` });
      }
  return times;
}

function report(times) {
  const sorted = times.toSorted((a, b) => b.ms - a.ms);
  for (const { who, ms, what } of sorted.filter((one) => one.ms >= namedFromMs))
    console.log(`${ms > limitMs[who] ? 'NO' : 'ok'}  ${ms.toFixed(0).padStart(6)} ms  ${who}  ${what}`);
  for (const who of Object.keys(callers)) {
    const own = sorted.filter((one) => one.who === who);
    const at = (share) => own[Math.floor((own.length - 1) * (1 - share))].ms.toFixed(1);
    console.log(`${who}: ${own.length} lists, median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`);
  }
  return sorted.every(({ who, ms }) => ms <= limitMs[who]);
}

async function main() {
  const { values } = parseArgs({ options: { articles: { type: 'string', default: '1000000' } } });
  const bench = await openBenchPostgres();
  const client = new pg.Client({ connectionString: await bench.database(Number(values.articles)) });
  await client.connect();
  try {
    process.exitCode = report(await measure(client)) ? 0 : 1;
  } finally {
    await client.end();
    await bench.close();
  }
}

if (isMain(import.meta.url)) await main();
