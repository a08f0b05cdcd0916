import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { isMain } from './command.mjs';
import { openBenchPostgres } from './database.mjs';
import { familyMs, parentOf, runLoad } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';

// `node tests/bench/numbering.mjs [--articles 10000] [--rounds 12] [--seconds 4] [--rate 0]` prints what numbering takes from
// writes over HTTP: articles that 16 connections publish a second (so many, or as many as they can), in turns without
// numbering, with it, and with the following of changes besides, by which a process forgets kept answers. `chrt -r 1` before
// the command keeps other work away on Linux.

const connections = 16;

const share = (values, part) => {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  return (sorted[Math.floor(place)] + sorted[Math.ceil(place)]) / 2;
};
const median = (values) => share(values, 0.5);

async function logIn(url) {
  const body = JSON.stringify({ email: deskEmail, password: deskPassword });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body });
  return (await answer.json()).accessToken;
}

async function startServer(databaseUrl) {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    JWT_SECRET: 'the secret of a benchmark that is long enough',
    RATE_LIMIT_WRITES: '1000000',
  };
  const child = fork(join(import.meta.dirname, 'numbered-server.mjs'), [], { env });
  child.once('exit', (code) => {
    if (code) throw new Error(`the server ended with ${code}`);
  });
  const [url] = await once(child, 'message');
  const turn = async (kind) => {
    child.send(kind);
    await once(child, 'message');
  };
  return { url, pid: child.pid, turn, stop: () => child.disconnect() };
}

const kinds = ['nothing', 'numbering', 'all'];

/** The processor time of each process, in milliseconds. */
const workOf = (pids) => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, familyMs(pid)]));

/** What each process works for a write, in milliseconds. */
const perWrite = (before, after, writes) =>
  Object.fromEntries(Object.keys(before).map((name) => [name, (after[name] - before[name]) / writes]));

const tell = (found, kind) => {
  const ratios = found[kind].map(({ perSecond }, round) => perSecond / found.nothing[round].perSecond);
  const work = Object.keys(found[kind][0].work)
    .map((name) => `${name} ${median(found[kind].map((one) => one.work[name])).toFixed(2)}`)
    .join(', ');
  const spread = [0.25, 0.5, 0.75].map((part) => share(ratios, part).toFixed(3));
  const speed = median(found[kind].map(({ perSecond }) => perSecond)).toFixed(0);
  return `${titles[kind]}: ${speed} a second, ratio ${spread[1]} (half of them ${spread[0]} to ${spread[2]}); ms of a processor for a write: ${work}`;
};

const titles = { nothing: 'without numbering', numbering: 'with numbering', all: 'with the following of changes too' };

async function postmasterOf(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const pid = parentOf(rows[0].pid);
  await client.end();
  return pid;
}

async function main() {
  const number = (value) => ({ type: 'string', default: value });
  const options = { articles: number('10000'), rounds: number('12'), seconds: number('4'), rate: number('0') };
  const { values } = parseArgs({ options });
  const postgres = await openBenchPostgres();
  try {
    const databaseUrl = await postgres.database(Number(values.articles));
    const server = await startServer(databaseUrl);
    const pids = { server: server.pid, postgres: await postmasterOf(databaseUrl) };
    const headers = { Authorization: `Bearer ${await logIn(server.url)}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ title: 'খবর [<id>]', body: '<p>জোয়ারের পানি বাড়ছে।</p>', status: 'published' });
    const request = { method: 'POST', path: '/v1/articles', headers, body };
    const load = {
      url: server.url,
      connections,
      rate: Number(values.rate),
      seconds: Number(values.seconds),
      requests: [request],
      status: 201,
    };
    const round = async (kind) => {
      await server.turn(kind);
      const before = workOf(pids);
      const { perSecond, answered } = await runLoad(load);
      return { perSecond, work: perWrite(before, workOf(pids), answered) };
    };
    for (const kind of kinds) await round(kind);
    const found = Object.fromEntries(kinds.map((kind) => [kind, []]));
    for (let turn = 0; turn < Number(values.rounds); turn += 1)
      for (const kind of turn % 2 === 0 ? kinds : kinds.toReversed()) found[kind].push(await round(kind));
    console.log(`writes over HTTP; load ${loadavg().map((one) => one.toFixed(1))}`);
    for (const kind of kinds) console.log(tell(found, kind));
    server.stop();
  } finally {
    await postgres.close();
  }
}

if (isMain(import.meta.url)) await main();
