// `npm run bench:search`: how well lines of news are found, for each kind of query, by Khobor and by what else PostgreSQL has.
// With `--faults` also what Khobor misses and finds too much, in all sets but the untouched one.
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openAliases } from '../../../dist/modules/core/search/aliases.js';
import { highlightPassage } from '../../../dist/modules/core/search/highlight.js';
import { parseQuery, stemmedQuery } from '../../../dist/modules/core/search/query.js';
import { openEmbedded } from '../../../dist/modules/embedded/embedded.js';
import { makeDataDir } from '../database.mjs';
import { judgeByKind, readSets } from './labelled.mjs';
import { openLines, searches } from './searches.mjs';

const { values: options } = parseArgs({
  options: {
    faults: { type: 'boolean', default: false },
    // Apart, so that nobody who mends rules sees these by accident: whoever has seen them has to write another set.
    'untouched-faults': { type: 'boolean', default: false },
  },
});
const { tuned, untouched, learned } = readSets();

async function answersOf(find, search, sets) {
  const answers = [];
  for (const { name, queries } of sets)
    for (const query of queries) answers.push({ ...query, found: await find(search, name, query.query) });
  return answers;
}

const number = (value) => value.toFixed(3).replace(/^0/, '');

/** Rows are kinds of query; each search has its recall, precision and F1. */
function print(title, answersBySearch) {
  const figures = new Map([...answersBySearch].map(([search, answers]) => [search, judgeByKind(answers)]));
  const answers = answersBySearch.get('Khobor');
  const names = [...figures.keys()];
  process.stdout.write(`\n${title}: recall, precision, F1\n`);
  process.stdout.write(`${''.padEnd(20)}${names.map((name) => name.padEnd(18)).join('')}\n`);
  for (const kind of figures.get('Khobor').keys()) {
    const count = kind === 'all' ? answers.length : answers.filter((answer) => answer.kind === kind).length;
    const cells = names.map((name) => {
      const { recall, precision, f1 } = figures.get(name).get(kind);
      return `${number(recall)} ${number(precision)} ${number(f1)}`.padEnd(18);
    });
    process.stdout.write(`${kind.padEnd(14)}${String(count).padStart(4)}  ${cells.join('')}\n`);
  }
  const f1Of = (over) =>
    Math.max(...names.filter((name) => name.endsWith(over)).map((name) => figures.get(name).get('all').f1));
  const ours = figures.get('Khobor').get('all').f1;
  process.stdout.write(
    `F1 above the best of the others: over text +${number(ours - f1Of('text'))}, over keys +${number(ours - f1Of('key'))}\n`,
  );
}

function printFaults(title, answers) {
  process.stdout.write(`\n${title}, where Khobor fails: kind | query | missed | too much\n`);
  for (const { kind, query, relevant, found } of answers) {
    const missed = [...relevant].filter((id) => !found.has(id));
    const tooMuch = [...found].filter((id) => !relevant.has(id));
    if (missed.length + tooMuch.length > 0)
      process.stdout.write(`${kind} | ${query} | ${missed.join(' ')} | ${tooMuch.join(' ')}\n`);
  }
}

/** Milliseconds for the passage of a body of 3,000 characters, once its words are known. */
function passageMs() {
  const body = tuned
    .flatMap(({ lines }) => lines.map(({ text }) => text))
    .join('। ')
    .slice(0, 3_000);
  const stemOf = ({ word }) => word;
  const query = stemmedQuery(parseQuery('পুতিনের "উত্তর কোরিয়া" ভোট', openAliases([])), stemOf);
  let best = Number.POSITIVE_INFINITY;
  // The best of many short rows: other work on the machine must not be measured.
  for (let row = 0; row < 300; row += 1) {
    const start = performance.now();
    for (let round = 0; round < 20; round += 1) highlightPassage(body, query, stemOf);
    best = Math.min(best, (performance.now() - start) / 20);
  }
  return best;
}

const dataDir = await makeDataDir();
const postgres = await openEmbedded({ dataDir, settings: { fsync: 'off' } });
const client = new pg.Client({ connectionString: postgres.url });
try {
  await client.connect();
  const sets = [...tuned, ...untouched, ...learned];
  const lines = sets.reduce((sum, set) => sum + set.lines.length, 0);
  const { rows } = await client.query(
    'SELECT version(), datlocprovider, coalesce(datlocale, datctype) AS locale FROM pg_database WHERE datname = current_database()',
  );
  process.stdout.write(`${lines} lines; ${rows[0].version.split(' on ')[0]}, locale ${rows[0].locale}\n`);
  const find = await openLines(client, sets);
  const all = { tuned: new Map(), untouched: new Map(), whole: new Map(), learned: new Map() };
  for (const search of Object.keys(searches)) {
    const [seen, unseen] = [await answersOf(find, search, tuned), await answersOf(find, search, untouched)];
    all.tuned.set(search, seen);
    all.untouched.set(search, unseen);
    all.whole.set(search, [...seen, ...unseen]);
    all.learned.set(search, await answersOf(find, search, learned));
  }
  print('Tuned on', all.tuned);
  print('Untouched', all.untouched);
  print('Whole', all.whole);
  print('Learned from since', all.learned);
  if (options.faults) {
    printFaults('Tuned on', all.tuned.get('Khobor'));
    printFaults('Learned from since', all.learned.get('Khobor'));
  }
  if (options['untouched-faults']) printFaults('Untouched', all.untouched.get('Khobor'));
  process.stdout.write(`\nPassage of a body of 3,000 characters: ${passageMs().toFixed(2)} ms\n`);
} finally {
  await client.end();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
