// Sends bodies that are small to send and much to work on, on every route that takes text, one at a time and many at once,
// and measures meanwhile how long everybody else waits:
//
//   npm run bombs [-- --only words --at-once 16 --program path/to/main.js]
//
// Passes when p99 of GET /livez is 200 ms at most, nothing answers 5xx, and the process is still the one that was started.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bombs, pairs } from './bomb-bodies.mjs';

const checkout = join(import.meta.dirname, '../..');
const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '16' },
    // Of the routes that take a body only one, for a first look.
    route: { type: 'string' },
    program: { type: 'string' },
  },
});
const build = join(checkout, 'src/cli/build.mjs');
const program = asked.program ?? join(checkout, 'dist/main.js');
const atOnce = Number(asked['at-once']);
const p99MaxMs = 200;
const answerMaxMs = 120_000;
const account = { email: 'bombs@khobor.example', password: 'নদীর-ঘাটে-নৌকা-ভেড়ে' };
const dataDir = mkdtempSync(join(tmpdir(), 'khobor-bombs-'));
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

let child;
let deaths = 0;
let token;

async function start() {
  child = spawn(process.execPath, [program], { env, cwd: dataDir, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`the API did not start (exit ${child.exitCode})`);
    await delay(50);
  }
  const body = JSON.stringify(account);
  const login = await fetch(`${base}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  token = (await login.json()).accessToken;
}

/** The status of an answer, with its code where it is a problem; the words for none. */
async function call(method, path, body) {
  try {
    const res = await fetch(`${base}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'If-Match': '*' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMaxMs),
    });
    const answer = res.status === 204 ? {} : await res.json();
    const inside = answer.results?.map(({ status, problem }) => problem?.code ?? status).join() ?? answer.code;
    return { said: inside === undefined ? `${res.status}` : `${res.status} ${inside}`, status: res.status, answer };
  } catch (error) {
    return { said: error.name === 'TimeoutError' ? 'no answer in time' : 'connection lost', status: 0, answer: {} };
  }
}

let count = 0;
const fresh = () => {
  count += 1;
  return `${process.pid}-${count}`;
};
const story = async (body = {}) => (await call('POST', '/articles', { title: `খবর ${fresh()}`, ...body })).answer.id;

/** Every route that takes a body, with what has to be there first. */
const bodyRoutes = {
  create: async (sent) => ['POST', '/articles', { title: `খবর ${fresh()}`, ...sent }],
  patch: async (sent) => ['PATCH', `/articles/${await story()}`, sent],
  'put draft': async (sent) => ['PUT', `/articles/${await story()}/draft`, sent],
  'patch draft': async (sent) => ['PATCH', `/articles/${await story()}/draft`, sent],
  item: async (sent) => ['PUT', `/sources/bombs/items/${fresh()}`, { itemVersion: 1, title: 'খবর', ...sent }],
  bulk: async (sent) => ['POST', '/articles/bulk', { operations: [{ op: 'create', body: { title: 'খবর', ...sent } }] }],
  'no title': async (sent) => ['POST', '/articles', sent],
};

const half = 'ক'.repeat(150_000);

/** The other routes that take text: much more of it than they have room for. */
const textRoutes = {
  'tag name': async (long) => ['POST', '/tags', { name: long }],
  'tag description': async (long) => ['POST', '/tags', { name: fresh(), description: long }],
  'source name': async (long) => ['POST', '/sources', { name: long }],
  'user name': async (long) => [
    'POST',
    '/users',
    { name: long, email: 'a@khobor.example', role: 'viewer', password: long },
  ],
  'publish note': async () => ['POST', `/articles/${await story()}/publish`, { note: half, correction: half }],
  'return note': async (long) => ['POST', `/articles/${await story()}/return`, { note: long }],
  'kill reason': async (long) => ['PUT', `/sources/bombs/items/${fresh()}`, { itemVersion: 1, kill: { reason: long } }],
  title: async () => ['POST', '/articles', { title: half, excerpt: half }],
  tags: async (long) => ['POST', '/articles', { title: 'খবর', tags: [long] }],
  log_in: async (long) => ['POST', '/auth/login', { email: 'a@khobor.example', password: long }],
};

let pinger;
let rounds;
function startPinger() {
  pinger = spawn(process.execPath, [join(import.meta.dirname, 'bombs-pinger.mjs'), base], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  rounds = createInterface({ input: pinger.stdout })[Symbol.asyncIterator]();
}
async function waits() {
  pinger.stdin.write('\n');
  return JSON.parse((await rounds.next()).value).sort((a, b) => a - b);
}

const at = (sorted, share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
const all = [];
const honestWaits = [];
let failures = 0;
let sentBombs = 0;

/** One line: what was sent how, what was answered, how long it took, and how long others waited meanwhile. */
async function round(name, how, calls) {
  await waits();
  const began = performance.now();
  const answers = await Promise.all(calls.map((one) => call(...one)));
  const tookMs = Math.round(performance.now() - began);
  const times = await waits();
  all.push(...times);
  if (name.startsWith('honest')) honestWaits.push(...times);
  sentBombs += calls.length;
  const said = Object.entries(Object.groupBy?.(answers, (one) => one.said) ?? groups(answers))
    .map(([words, those]) => (those.length === 1 ? words : `${those.length} x ${words}`))
    .join(', ');
  const bad = answers.filter(({ status }) => status === 0 || status >= 500).length;
  failures += bad;
  const livez = `p50 ${at(times, 0.5)}, p99 ${at(times, 0.99)}, max ${at(times, 1)}`;
  console.log(
    `${name.padEnd(38)} ${how.padEnd(16)} ${String(tookMs).padStart(6)} ms  /livez ${livez.padEnd(32)} ${said}`,
  );
  if (child.exitCode === null && child.signalCode === null && (bad === 0 || (await isReady()))) return;
  await delay(500);
  if (child.exitCode === null && child.signalCode === null) return;
  deaths += 1;
  console.log('the process is gone; another one is started');
  await start();
}

function groups(answers) {
  const found = {};
  for (const answer of answers) found[answer.said] = [...(found[answer.said] ?? []), answer];
  return found;
}

const routesWanted = Object.entries(bodyRoutes).filter(([how]) => asked.route === undefined || how === asked.route);
const wanted = ({ name }) => asked.only.split(',').some((words) => name.includes(words.trim()));

async function compare({ name, before, after }) {
  const ids = await Promise.all(Array.from({ length: atOnce }, () => story({ body: before, bodyFormat: 'text' })));
  for (const id of ids) await call('PATCH', `/articles/${id}`, { body: after });
  await round(name, 'compare', [['GET', `/articles/${ids[0]}/revisions/2/compare`]]);
  await round(name, 'restore', [['POST', `/articles/${ids[0]}/revisions/1/restore`, {}]]);
  await round(
    name,
    `compare x ${atOnce}`,
    ids.map((id) => ['GET', `/articles/${id}/revisions/2/compare`]),
  );
  const stale = { body: before, baseVersion: 1 };
  await round(
    name,
    `412, 409 x ${atOnce}`,
    ids.map((id) => ['PATCH', `/articles/${id}/draft`, stale]),
  );
}

try {
  if (asked.program === undefined && spawnSync(process.execPath, [build], { stdio: 'inherit' }).status !== 0)
    throw new Error('the program does not compile');
  await start();
  await call('POST', '/sources', { name: 'bombs', slug: 'bombs' });
  startPinger();
  const chosen = bombs.filter(wanted);
  for (const bomb of chosen) {
    const sent = { body: bomb.body, bodyFormat: bomb.format };
    for (const [how, route] of routesWanted) await round(bomb.name, how, [await route(sent)]);
    const mixed = routesWanted.map(([, route]) => route);
    const many = Array.from({ length: atOnce }, (_, index) => mixed[index % mixed.length](sent));
    await round(bomb.name, `all routes x ${atOnce}`, await Promise.all(many));
  }
  for (const pair of pairs.filter(wanted)) await compare(pair);
  const long = bombs.find(({ name }) => name.startsWith('honest text')).body;
  for (const [how, route] of wanted({ name: 'texts' }) ? Object.entries(textRoutes) : []) {
    await round('texts: 650 KB in one member', how, [await route(long)]);
    await round(
      'texts: 650 KB in one member',
      `${how} x ${atOnce}`,
      await Promise.all(Array.from({ length: atOnce }, () => route(long))),
    );
  }
  all.sort((a, b) => a - b);
  honestWaits.sort((a, b) => a - b);
  const passed = at(all, 0.99) <= p99MaxMs && failures === 0 && deaths === 0;
  console.log({
    bombs: chosen.length,
    calls: sentBombs,
    livez: { asked: all.length, p50: at(all, 0.5), p99: at(all, 0.99), p999: at(all, 0.999), max: at(all, 1) },
    besideHonest: { asked: honestWaits.length, p99: at(honestWaits, 0.99), max: at(honestWaits, 1) },
    unanswered: failures,
    deaths,
    passed,
  });
  process.exitCode = passed ? 0 : 1;
} finally {
  pinger?.stdin.end();
  if (child?.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
