import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { addMissingDue } from '../../dist/modules/article/change/missing-due.js';
import { newId } from '../../dist/modules/core/ids.js';
import { openCursors } from '../../dist/modules/core/page.js';
import { openDb } from '../../dist/modules/db/client.js';
import { openClient } from '../../dist/modules/db/sessions.js';
import { changePages } from '../../dist/modules/features/changes/changes.pages.js';
import { changeService } from '../../dist/modules/features/changes/changes.service.js';
import { latestItemSql } from '../../dist/modules/features/latest/latest.service.js';
import { startListening } from '../../dist/modules/outbox/listening.js';
import { numberOnce, startNumbering } from '../../dist/modules/outbox/numbering.js';
import { recordEvent } from '../../dist/modules/outbox/record.js';
import { openWaiting, readHeads } from '../../dist/modules/outbox/waiting.js';
import { isMain } from './command.mjs';
import { openBenchPostgres } from './database.mjs';

// `node tests/bench/changes.mjs --articles 1000000 [--only walk]` prints what following changes costs: the walk through all articles, a
// page of strangers behind many saved drafts, the hourly look for instants that no change wrote, the time from a commit until
// another process knows, and what numbering takes from 16 writers that do nothing else. Beside each stands the machine's load.

const noLabels = { byIds: async () => [], after: async () => [] };

const open = (url, poolMax = 20) => openDb({ url, poolMax, prepare: true }, () => {});

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const ordered = (times) => [...times].sort((a, b) => a - b);
const inMs = (ms) => `${ms.toFixed(1)} ms`;
const print = (line) => console.log(`${line}; load ${loadavg()[0].toFixed(1)}`);

function serviceOf(db) {
  const cursors = openCursors('the secret of a benchmark that is long enough');
  const labels = { source: noLabels, tag: noLabels };
  const waiting = { past: async () => false };
  const pages = changePages({ db, publicUrl: 'https://news.example', labels, latestItem: latestItemSql });
  return changeService({ db, cursors, waiting, pages });
}

const asked = { audience: 'public', kind: ['article'], limit: 100 };

/** A walk through all articles, and then medians of its first and its last 200 pages, asked for again in turns. */
async function walk(db, include) {
  const service = serviceOf(db);
  const page = (after) => service.list(null, { ...asked, include, ...(after && { after }) });
  const began = performance.now();
  const cursors = [];
  for (let after; ; ) {
    const { nextCursor, data } = await page(after);
    if (data === '[]') break;
    cursors.push(after);
    after = nextCursor;
  }
  const seconds = (performance.now() - began) / 1_000;
  const some = Math.min(200, Math.floor(cursors.length / 2));
  const times = { first: [], last: [] };
  const timed = async (after) => {
    const start = performance.now();
    await page(after);
    return performance.now() - start;
  };
  for (let turn = 0; turn < some; turn += 1) {
    times.first.push(await timed(cursors[turn]));
    times.last.push(await timed(cursors.at(turn - some)));
  }
  const [first, last] = [times.first, times.last].map((part) => share(ordered(part), 0.5));
  const what = include ? 'with items' : 'without items';
  print(
    `walk ${what}: ${cursors.length} pages in ${seconds.toFixed(0)} s, first ${inMs(first)}, last ${inMs(last)}, ratio ${(last / first).toFixed(2)}`,
  );
}

const event = (type, keys) => ({
  type,
  subjectType: type.split('.')[0],
  subjectId: newId(),
  version: 1,
  keys,
  isPublic: true,
  publicAfter: { slug: 'নদী' },
  actorId: null,
  requestId: null,
  keyId: null,
});

const write = (db, one = event('tag.updated', [])) => db.transaction((tx) => recordEvent(tx, one));

/** A page of strangers that goes on from a cursor, without and with many saved drafts behind it. */
async function draftsBetween(db) {
  const service = serviceOf(db);
  const timeFrom = async (after) => {
    const began = performance.now();
    await service.list(null, { ...asked, kind: ['tag'], limit: 20, after });
    return performance.now() - began;
  };
  const end = async () => {
    for (let after; ; ) {
      const { nextCursor, more } = await service.list(null, { ...asked, ...(after && { after }) });
      if (!more) return nextCursor;
      after = nextCursor;
    }
  };
  await write(db);
  await numberOnce(db);
  const before = await end();
  for (let count = 0; count < 20; count += 1) await write(db);
  await numberOnce(db);
  const text = `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
    SELECT gen_random_uuid(), 'draft.updated', 'article', gen_random_uuid(), 1, '{}', '{}' FROM generate_series(1, 10000)`;
  const later = await end();
  await db.pool.query(text);
  for (let count = 0; count < 20; count += 1) await write(db);
  await numberOnce(db);
  await db.pool.query('ANALYZE events, changes');
  const times = { plain: [], behind: [] };
  for (let turn = 0; turn < 200; turn += 1) {
    times.plain.push(await timeFrom(before));
    times.behind.push(await timeFrom(later));
  }
  const [plain, behind] = [times.plain, times.behind].map((some) => share(ordered(some), 0.5));
  print(
    `page of strangers: ${inMs(plain)}, behind 10,000 saved drafts ${inMs(behind)}, ratio ${(behind / plain).toFixed(2)}`,
  );
}

/** The hourly look for instants that no change wrote, the second time, when all are there. */
async function missingDue(db) {
  const added = await addMissingDue(db.read, 400);
  const began = performance.now();
  await addMissingDue(db.read, 400);
  print(`looking for instants that nobody awaits: ${inMs(performance.now() - began)} (the first time found ${added})`);
}

const parts = (db) => ({ db, due: [], numbered() {}, failed: console.error, recovered() {} });

/** From a commit on one pool until who listens on another knows the position, at 20 writes a second. */
async function latency(url, db) {
  const other = open(url, 2);
  const waiting = openWaiting({ readHead: () => readHeads(other.read), isStopping: () => false, max: 10 });
  let ready;
  const listens = new Promise((resolve) => {
    ready = resolve;
  });
  const stops = [
    startNumbering(parts(db)),
    startListening({
      makeClient: () => openClient({ url, poolMax: 1, prepare: true }),
      db: other,
      moved: waiting.moved,
      onReturn: () => () => {},
      carries: (carrier) => carrier === 'notify' && ready(),
    }),
  ];
  await listens;
  const times = [];
  for (let turn = 0; turn < 200; turn += 1) {
    const { all } = await readHeads(other.read);
    const known = waiting.past('all', all, 5_000);
    await write(db);
    const began = performance.now();
    await known;
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const stop of stops) await stop();
  await other.close();
  const sorted = ordered(times);
  print(`commit to another process knowing: p50 ${inMs(share(sorted, 0.5))}, p99 ${inMs(share(sorted, 0.99))}`);
}

/** Writes a second of 16 writers, with numbering and without, in turns. */
async function numberingCosts(db) {
  const round = async (numbering) => {
    const stop = numbering ? startNumbering(parts(db)) : async () => {};
    const until = performance.now() + 4_000;
    let count = 0;
    const writer = async () => {
      while (performance.now() < until) {
        await write(db);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, writer));
    await stop();
    if (!numbering) await numberOnce(db);
    return count / 4;
  };
  const ratios = [];
  const rates = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const order = turn % 2 === 0 ? [false, true] : [true, false];
    const found = {};
    for (const numbering of order) found[numbering] = await round(numbering);
    ratios.push(found.true / found.false);
    rates.push(found.true);
  }
  print(
    `bare writes of 16 writers: ${share(ordered(rates), 0.5).toFixed(0)} a second with numbering, ratio to without ${share(ordered(ratios), 0.5).toFixed(2)}`,
  );
}

const measured = {
  walk: (db) => walk(db, undefined),
  'walk with items': (db) => walk(db, ['item']),
  drafts: draftsBetween,
  missing: missingDue,
  latency: (db, url) => latency(url, db),
  numbering: numberingCosts,
};

async function main() {
  const { values } = parseArgs({
    options: { articles: { type: 'string', default: '100000' }, only: { type: 'string', default: '' } },
  });
  const postgres = await openBenchPostgres();
  try {
    const url = await postgres.database(Number(values.articles));
    const db = open(url);
    for (const [name, measure] of Object.entries(measured)) if (name.includes(values.only)) await measure(db, url);
    await db.close();
  } finally {
    await postgres.close();
  }
}

if (isMain(import.meta.url)) await main();
