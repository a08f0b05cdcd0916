import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { makeDataDir, openBenchPostgres } from './database.mjs';
import { seenElsewhere } from './elsewhere.mjs';
import { hotReads } from './hot.mjs';
import { againstMany } from './million.mjs';
import { residentMb, runLoad, startProcess, stopAll } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';
import { writingSpeed } from './writes.mjs';
import { zipfReads } from './zipf.mjs';

// The figures: `npm run bench`; with 1,000,000 articles besides `npm run bench -- --million`; some of them alone
// `npm run bench -- --only reads,hot,zipf,writes,start`.

const { values: options } = parseArgs({
  options: {
    million: { type: 'boolean', default: false },
    /** Of the large newsroom, and how many pages of its list are walked to the deep one. */
    articles: { type: 'string', default: '1000000' },
    deep: { type: 'string', default: '10000' },
    only: { type: 'string', default: 'reads,hot,zipf,writes,start' },
    /** Of the newsroom of which few pages are asked for again and again. */
    pages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const parts = options.only.split(',');
const connections = 8;
const warmUpSeconds = 5;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const table = [];
const note = (figure, target, measured, ok) => table.push({ figure, target, measured, ok });

const environment = (url) => ({
  DATABASE_URL: url,
  DATABASE_POOL_MAX: String(connections),
  JWT_SECRET: 'only-of-the-benchmark-0123456789-abcdef',
  PUBLIC_URL: 'https://news.example',
  DEMO: 'false',
  LOG_LEVEL: 'info',
  // Each call asks the database.
  RESPONSE_CACHE_BYTES: '0',
});

/** The paths that are asked for: the latest list, and 200 articles from all of its years. */
async function pathsOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT slug FROM articles WHERE status = 'published' AND published_at <= now() AND expires_at IS NULL ORDER BY md5(id::text) LIMIT 200`,
  );
  await client.end();
  return { latest: ['/v1/latest'], article: rows.map(({ slug }) => `/v1/articles/${encodeURIComponent(slug)}`) };
}

const startKhobor = (env) => startProcess(process.execPath, ['dist/main.js'], { env });
const startReference = (env) => startProcess(process.execPath, ['tests/bench/reference.mjs'], { env });

/** One write, since a server that never wrote is not the ordinary one. */
async function logIn(server) {
  const response = await fetch(`${server.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: deskEmail, password: deskPassword }),
  });
  if (response.status !== 200) throw new Error(`the log-in answered ${response.status}`);
}

/**
 * Calls of `a` for one of `b`: the median of the rounds' own ratios. In a round each is asked twice, in the order a b b a,
 * so that what else the machine does falls on both.
 */
async function compare(a, b) {
  const load = async ({ server, paths }, time = seconds) =>
    (await runLoad({ url: server.url, paths, connections, seconds: time })).perSecond;
  for (const side of [a, b]) await load(side, warmUpSeconds);
  const speeds = [];
  for (let round = 0; round < rounds; round += 1) {
    const [a1, b1, b2, a2] = [await load(a), await load(b), await load(b), await load(a)];
    speeds.push({ a: (a1 + a2) / 2, b: (b1 + b2) / 2 });
  }
  return {
    ratio: median(speeds.map((speed) => speed.a / speed.b)),
    a: median(speeds.map((speed) => speed.a)),
    b: median(speeds.map((speed) => speed.b)),
  };
}

const instantShape = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;

/** What an address answers, with instants written in one way: the reference leaves them as Postgres writes them. */
async function contentOf(server, path) {
  const text = await (await fetch(server.url + path)).text();
  const { page: _, ...content } = JSON.parse(text, (_key, value) =>
    typeof value === 'string' && instantShape.test(value) ? new Date(value).toISOString() : value,
  );
  return content;
}

/** Speed is compared only of servers that say the same. */
async function assertSame(a, b, paths) {
  for (const path of paths) assert.deepStrictEqual(await contentOf(a, path), await contentOf(b, path), path);
}

/** Watches how much memory a process holds while work is done; the most of it. */
async function watchMemory(pid, work) {
  let most = residentMb(pid) ?? 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentMb(pid) ?? 0);
  }, 200);
  await work();
  clearInterval(timer);
  return most;
}

async function readingSpeed(bench) {
  const url = await bench.database(1_000);
  const paths = await pathsOf(url);
  const khobor = await startKhobor(environment(url));
  const reference = await startReference(environment(url));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const idleMb = residentMb(khobor.pid);
  await logIn(khobor);
  await assertSame(khobor, reference, [...paths.latest, ...paths.article]);
  const most = await watchMemory(khobor.pid, async () => {
    for (const [name, what] of [
      ['latest', 'the latest list'],
      ['article', 'an article page'],
    ]) {
      const { ratio, a, b } = await compare(
        { server: khobor, paths: paths[name] },
        { server: reference, paths: paths[name] },
      );
      note(
        `${what}, uncached, against bare Express and pg`,
        '>= 0.6',
        `${ratio.toFixed(2)} (${a.toFixed(0)}/s to ${b.toFixed(0)}/s)`,
        ratio >= 0.6,
      );
    }
  });
  if (idleMb !== undefined) {
    note('RSS idle', '<= 150 MB', `${idleMb.toFixed(0)} MB`, idleMb <= 150);
    note('RSS under load', '<= 250 MB', `${most.toFixed(0)} MB`, most <= 250);
  }
  await reference.stop();
  await khobor.stop();
}

/** What readers ask again and again. */
async function hotSpeed(bench) {
  const url = await bench.database(1_000);
  const khobor = await startKhobor({ ...environment(url), RESPONSE_CACHE_BYTES: String(64 * 1024 * 1024) });
  await logIn(khobor);
  const other = await startKhobor({ ...environment(url), RESPONSE_CACHE_BYTES: String(64 * 1024 * 1024) });
  await seenElsewhere(khobor, other, note);
  await other.stop();
  await hotReads({ khobor, paths: await pathsOf(url), rounds, seconds, connections, note });
  await khobor.stop();
}

/** From the start of a process to its first 200, on a house that was started before and with nothing changed since. */
async function startingTime() {
  const dataDir = await makeDataDir();
  const env = { DATA_DIR: dataDir, DATABASE_URL: '', JWT_SECRET: '', LOG_LEVEL: 'info' };
  const commands = [
    ['npm start to the first 200, nothing changed', 3, () => startProcess('npm', ['start'], { env })],
    ['node dist/main.js to the first 200', 1, () => startProcess(process.execPath, ['dist/main.js'], { env })],
  ];
  await (await startKhobor(env)).stop();
  const times = commands.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, , start]] of commands.entries()) {
      const process_ = await start();
      times[index].push(process_.readyMs / 1_000);
      await process_.stop();
    }
  }
  for (const [index, [figure, limit]] of commands.entries()) {
    const time = median(times[index]);
    note(figure, `<= ${limit} s`, `${time.toFixed(2)} s`, time <= limit);
  }
  await rm(dataDir, { recursive: true, force: true });
}

function printTable() {
  const columns = ['figure', 'target', 'measured'];
  const widths = columns.map((name) => Math.max(name.length, ...table.map((row) => row[name].length)));
  const line = (cells) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ');
  console.log(`\n${line([...columns, ''])}`);
  for (const row of table) console.log(line([...columns.map((name) => row[name]), row.ok ? 'ok' : 'NO']));
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(1)));
const bench = await openBenchPostgres();
try {
  if (parts.includes('reads')) await readingSpeed(bench);
  if (parts.includes('hot')) await hotSpeed(bench);
  if (parts.includes('zipf'))
    await zipfReads(bench, { environment, articles: Number(options.pages), rounds, seconds, connections, note });
  if (parts.includes('writes')) await writingSpeed(bench, { environment, note, rounds, seconds });
  if (options.million) {
    const [articles, pages] = [Number(options.articles), Number(options.deep)];
    await againstMany(bench, { articles, pages, environment, pathsOf, startKhobor, compare, note });
  }
  if (parts.includes('start')) await startingTime();
} finally {
  await stopAll();
  await bench.close();
}
printTable();
process.exitCode = table.every(({ ok }) => ok) ? 0 : 1;
