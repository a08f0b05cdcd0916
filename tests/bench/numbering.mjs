import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMain } from './command.mjs';
import { openBenchPostgres } from './database.mjs';
import { runLoad } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';

// `node tests/bench/numbering.mjs [--articles 10000] [--rounds 10] [--seconds 6]` prints what numbering takes from writes
// over HTTP: articles that 16 connections publish a second, with numbering and without, in turns.

const connections = 16;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
};

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
  const turn = async (on) => {
    child.send(on);
    await once(child, 'message');
  };
  return { url, turn, stop: () => child.disconnect() };
}

async function main() {
  const number = (value) => ({ type: 'string', default: value });
  const options = { articles: number('10000'), rounds: number('10'), seconds: number('6') };
  const { values } = parseArgs({ options });
  const postgres = await openBenchPostgres();
  try {
    const server = await startServer(await postgres.database(Number(values.articles)));
    const headers = { Authorization: `Bearer ${await logIn(server.url)}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ title: 'খবর [<id>]', body: '<p>জোয়ারের পানি বাড়ছে।</p>', status: 'published' });
    const request = { method: 'POST', path: '/v1/articles', headers, body };
    const round = async (on) => {
      await server.turn(on);
      const load = { url: server.url, connections, seconds: Number(values.seconds), requests: [request], status: 201 };
      return (await runLoad(load)).perSecond;
    };
    await round(true);
    const found = { true: [], false: [] };
    for (let turn = 0; turn < Number(values.rounds); turn += 1)
      for (const on of turn % 2 === 0 ? [false, true] : [true, false]) found[on].push(await round(on));
    const ratio = median(found.true.map((rate, turn) => rate / found.false[turn]));
    const [on, off] = [found.true, found.false].map((rates) => median(rates).toFixed(0));
    const load = loadavg().map((one) => one.toFixed(1));
    console.log(
      `writes over HTTP: ${on} a second with numbering, ${off} without, ratio ${ratio.toFixed(3)}; load ${load}`,
    );
    server.stop();
  } finally {
    await postgres.close();
  }
}

if (isMain(import.meta.url)) await main();
