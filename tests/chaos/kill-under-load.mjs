// Kills the API (and once its PostgreSQL) with SIGKILL while editors write, and then looks for what was lost. By hand:
//
//   node tests/chaos/kill-under-load.mjs [--seconds 30] [--kills 5] [--writers 8]
//
// Passes when every acknowledged version of every article is there with its revision and its event, and no article,
// acknowledged or not, is there in part.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';

const checkout = join(import.meta.dirname, '../..');
const number = (fallback) => ({ type: 'string', default: String(fallback) });
const { values } = parseArgs({ options: { seconds: number(30), kills: number(5), writers: number(8) } });
const [seconds, kills, writers] = [values.seconds, values.kills, values.writers].map(Number);
const account = { email: 'chaos@khobor.example', password: 'ঝড়ের-মধ্যেও-লেখা-চলে' };
const dataDir = mkdtempSync(join(tmpdir(), 'khobor-chaos-'));
chmodSync(dataDir, 0o711);

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
const port = await freePort();
const base = `http://127.0.0.1:${port}`;

const env = {
  PATH: process.env.PATH,
  PORT: String(port),
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  DEMO: 'false',
  ADMIN_EMAIL: account.email,
  ADMIN_PASSWORD: account.password,
  RATE_LIMIT_WRITES: '1000000',
  LOG_LEVEL: 'error',
};

const isReady = () =>
  fetch(`${base}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
    (res) => res.status === 200,
    () => false,
  );

/** Starts the API and waits until it serves; gives the process and how long that took. */
async function start() {
  const began = performance.now();
  const child = spawn(process.execPath, [join(checkout, 'dist/main.js')], {
    env,
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`the API did not start (exit ${child.exitCode})`);
    await delay(20);
  }
  return { child, readyMs: Math.round(performance.now() - began) };
}

const ended = (child) => new Promise((resolve) => child.once('exit', resolve));
const postmaster = () => readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');

/** What the clients know: the newest acknowledged version of each article, and how many calls ended how. */
const acknowledged = new Map();
const outcomes = new Map();
const count = (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);

async function write(token, method, path, body, etag) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  if (etag) headers['If-Match'] = etag;
  try {
    const res = await fetch(`${base}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = await res.json();
    count(res.status);
    return res.ok ? { id: answer.id, etag: res.headers.get('etag') } : undefined;
  } catch {
    count('no answer');
    await delay(20);
    return undefined;
  }
}

async function writer(name, token, until) {
  for (let turn = 0; Date.now() < until; turn += 1) {
    const body = { title: `ঝড়ের খবর ${name}-${turn}`, body: '<p>জোয়ারের পানি বাড়ছে।</p>', status: 'published' };
    let last = await write(token, 'POST', '/v1/articles', body);
    for (let step = 0; last && step < 3; step += 1) {
      acknowledged.set(last.id, Number(/\d+/.exec(last.etag)[0]));
      last = await write(token, 'PATCH', `/v1/articles/${last.id}`, { kicker: `ধাপ ${step}` }, last.etag);
    }
    if (last) acknowledged.set(last.id, Number(/\d+/.exec(last.etag)[0]));
  }
}

async function judge() {
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  const client = new pg.Client({ host: '127.0.0.1', port: Number(postmaster()[3]), user: 'khobor', password });
  await client.connect();
  const rowsOf = async (text, given = []) => (await client.query(text, given)).rows;
  const ids = [...acknowledged.keys()];
  const lost = await rowsOf(
    `SELECT k.id FROM unnest($1::uuid[], $2::int[]) AS k(id, version) WHERE NOT EXISTS (SELECT 1 FROM articles a
       JOIN revisions r ON r.article_id = a.id AND r.version = k.version
       JOIN events e ON e.subject_id = a.id AND e.version = k.version WHERE a.id = k.id AND a.version >= k.version)`,
    [ids, ids.map((id) => acknowledged.get(id))],
  );
  const half = await rowsOf(
    `SELECT a.id FROM articles a WHERE
       (SELECT array_agg(r.version ORDER BY r.version) FROM revisions r WHERE r.article_id = a.id) IS DISTINCT FROM
         (SELECT array_agg(v) FROM generate_series(1, a.version) v)
       OR (SELECT count(DISTINCT e.version) FROM events e WHERE e.subject_id = a.id) <> a.version
     UNION ALL SELECT e.subject_id FROM events e WHERE e.subject_type = 'article'
       AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.article_id = e.subject_id AND r.version = e.version)`,
  );
  const [{ articles, revisions }] = await rowsOf(
    'SELECT (SELECT count(*)::int FROM articles) AS articles, (SELECT count(*)::int FROM revisions) AS revisions',
  );
  await client.end();
  return { lost: lost.length, half: half.length, articles, revisions };
}

let child;
try {
  if (spawnSync(process.execPath, [join(checkout, 'src/cli/build.mjs')], { stdio: 'inherit' }).status !== 0)
    throw new Error('the program does not compile');
  const first = await start();
  child = first.child;
  const login = await fetch(`${base}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(account),
  });
  const { accessToken } = await login.json();
  const until = Date.now() + seconds * 1_000;
  const load = Promise.all([...Array(writers).keys()].map((name) => writer(name, accessToken, until)));
  const readyMs = [];
  const pauseMs = (seconds * 1_000) / (kills + 2);
  for (let kill = 0; kill <= kills; kill += 1) {
    await delay(pauseMs * (0.5 + Math.random() * 0.5));
    if (kill === Math.floor(kills / 2)) {
      const began = performance.now();
      process.kill(Number(postmaster()[0]), 'SIGKILL');
      while (await isReady()) await delay(5);
      while (!(await isReady())) await delay(20);
      console.log(`PostgreSQL killed; served again after ${Math.round(performance.now() - began)} ms`);
      continue;
    }
    const gone = ended(child);
    child.kill('SIGKILL');
    await gone;
    const next = await start();
    child = next.child;
    readyMs.push(next.readyMs);
    console.log(`API killed; served again after ${next.readyMs} ms`);
  }
  await load;
  const found = await judge();
  const passed = found.lost === 0 && found.half === 0 && acknowledged.size > 0;
  console.log({
    calls: Object.fromEntries(outcomes),
    acknowledgedArticles: acknowledged.size,
    ...found,
    firstReadyMs: first.readyMs,
    readyMsMax: Math.max(...readyMs),
    passed,
  });
  process.exitCode = passed ? 0 : 1;
} finally {
  if (child?.exitCode === null) {
    const gone = ended(child);
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
