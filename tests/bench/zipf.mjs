import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { runReindex } from '../../dist/modules/cli/reindex.js';
import { checkout, processorMs, residentMb, runScript, startProcess } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';

// A newsroom's day: few of many pages are asked again and again, a tenth of the calls has a token, and each second something
// is published. Against the same with nothing kept, and with a cache that is full from the start.

const cacheBytes = 64 * 1024 * 1024;
/** More pages than fit, so that the cache is full before anything is measured. */
const filled = 24_000;

const never = new AbortController().signal;

const load = (options) => runScript(join(checkout, 'tests/bench/zipf-load.mjs'), JSON.stringify(options));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function pathsOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT id FROM articles WHERE status = 'published' AND published_at <= now() AND expires_at IS NULL ORDER BY md5(id::text)`,
  );
  await client.end();
  return rows.map(({ id }) => `/v1/articles/${id}`);
}

async function send(server, path, body, token) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
  return response.json();
}

/** Samples of `/metrics` by name and labels. */
async function samplesOf(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

/** Publishes once a second while the work runs. */
async function publishing(server, token, work) {
  let number = 0;
  const failed = [];
  const timer = setInterval(() => {
    number += 1;
    send(server, '/v1/articles', { title: `জোয়ারের খবর ${number}`, status: 'published' }, token).catch((error) =>
      failed.push(error),
    );
  }, 1_000);
  const result = await work().finally(() => clearInterval(timer));
  if (failed.length > 0) throw failed[0];
  return result;
}

const resultNames = ['hit', 'miss', 'joined'].map((result) => `response_cache_requests_total{result="${result}"}`);

/** Compares pages of a database of so many `articles`; `note` takes a row of the table. */
export async function zipfReads(bench, { environment, articles, rounds, seconds, connections, note }) {
  const url = await bench.database(articles);
  // A newsroom of some time: what was seeded is in its search already, which would otherwise be filled meanwhile.
  const made = await runReindex([], { ...process.env, ...environment(url) }, { output: process.stdout, stop: never });
  if (made !== 0) throw new Error('the search could not be filled');
  const paths = await pathsOf(url);
  const folder = await mkdtemp(join(tmpdir(), 'khobor-zipf-'));
  const file = join(folder, 'paths.json');
  await writeFile(file, JSON.stringify(paths));
  const start = (bytes) =>
    startProcess(process.execPath, ['dist/main.js'], {
      env: { ...environment(url), RESPONSE_CACHE_BYTES: String(bytes), RATE_LIMIT_WRITES: '1000000' },
    });
  const [kept, plain] = [await start(cacheBytes), await start(0)];
  let peakMb = 0;
  const watching = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(kept.pid) ?? 0);
  }, 100);
  // Once and before anything is measured: a password's hash takes 32 MB for a moment, and the load is of readers.
  const tokens = new Map();
  for (const server of [kept, plain]) {
    const { accessToken } = await send(server, '/v1/auth/login', { email: deskEmail, password: deskPassword });
    tokens.set(server, accessToken);
  }
  const measure = async (server, seed) => {
    const accessToken = tokens.get(server);
    const asked = { url: server.url, file, connections, seconds, token: accessToken, seed };
    const before = processorMs([server.pid]);
    const loaded = await publishing(server, accessToken, () => load(asked));
    return { ...loaded, microseconds: ((processorMs([server.pid]) - before) * 1_000) / loaded.answered };
  };
  try {
    await load({ url: kept.url, file, connections, twice: Math.min(filled, paths.length) });
    for (const server of [kept, plain]) await measure(server, 1);
    const before = await samplesOf(kept);
    const measured = [];
    for (let round = 0; round < rounds; round += 1)
      measured.push({ kept: await measure(kept, round + 2), plain: await measure(plain, round + 2) });
    const after = await samplesOf(kept);
    const [hits, ...others] = resultNames.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
    const ratio = median(measured.map((round) => round.kept.perSecond / round.plain.perSecond));
    const speedOf = (name) => median(measured.map((round) => round[name].perSecond)).toFixed(0);
    const cpuOf = (name) => median(measured.map((round) => round[name].microseconds)).toFixed(0);
    const share = Math.max(...measured.flatMap((round) => [round.kept.loadShare, round.plain.loadShare]));
    const kilobytes = (measured[0].kept.bytes / 1024).toFixed(1);
    note(
      `Zipf over ${paths.length.toLocaleString('en')} pages of ${kilobytes} KB, against nothing kept`,
      '>= 4x',
      `${ratio.toFixed(2)}x (${speedOf('kept')}/s to ${speedOf('plain')}/s; CPU ${cpuOf('kept')} to ${cpuOf('plain')} µs; load ${share.toFixed(2)} of a core)`,
      ratio >= 4,
    );
    const rate = hits / (hits + others.reduce((sum, one) => sum + one, 0));
    note('Zipf: hit rate', '>= 0.8', rate.toFixed(3), rate >= 0.8);
    const full = (after.get('response_cache_bytes') ?? 0) / cacheBytes;
    note(
      'peak RSS under load with a full cache',
      '<= 260 MB',
      `${peakMb.toFixed(0)} MB (the cache ${(full * 100).toFixed(0)} % full)`,
      peakMb <= 260 && full >= 0.9,
    );
  } finally {
    clearInterval(watching);
    await rm(folder, { recursive: true, force: true });
  }
  for (const server of [kept, plain]) await server.stop();
}
