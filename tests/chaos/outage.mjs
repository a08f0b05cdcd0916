// What readers see while PostgreSQL is out of reach, with an end and a publication falling into that time:
//
//   npm run chaos:outage [-- --seconds 60]
//
// Readers and a writer go on calling. A row for each address and part of the time says how it was answered, by kind. Passes
// when nothing is shown past its end or before its publication, no answer takes long, and all is as before two seconds
// after the database is back.
import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const awayMs = Number(values.seconds) * 1_000;
const leadMs = 6_000;
const restMs = 25;
const backMs = 2_000;
const slowMs = 2_000;
/** Clocks, and the way of an answer. */
const toleranceMs = 100;

/** A way to the database that can be shut. */
async function openWay(databaseUrl) {
  const target = new URL(databaseUrl);
  const sockets = new Set();
  const keep = (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) keep(socket);
    client.pipe(upstream).pipe(client);
  });
  const listen = (port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const shut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.href, shut, open: () => listen(port) };
}

async function call(api, path, init) {
  const asked = Date.now();
  const res = await fetch(api.url + path, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await res.text();
  return { asked, ended: Date.now(), status: res.status, headers: res.headers, text };
}

const kindOf = ({ status, headers }) => {
  if (!headers.has('age')) return String(status);
  return `${status} from before (${headers.get('cache-control')})`;
};

build();
const folder = makeFolder();
const dataDir = join(folder, 'house');
mkdirSync(dataDir, { mode: 0o711 });
const house = await openHouse(dataDir);
const way = await openWay(house.env.DATABASE_URL);
const api = await instance({ ...house.env, DATABASE_URL: way.url, DEMO: 'false' });
let passed = false;
try {
  await api.start();
  const token = await logIn(api.url);
  const write = (body) =>
    call(api, '/v1/articles', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const published = async (title, more = {}) => {
    const { status, text } = await write({ title, status: 'published', ...more });
    if (status !== 201) throw new Error(`an article was answered ${status}: ${text}`);
    return JSON.parse(text).id;
  };
  const shutAt = Date.now() + leadMs;
  const [endAt, dueAt, openAt] = [shutAt + awayMs / 3, shutAt + (2 * awayMs) / 3, shutAt + awayMs];
  const stays = await published('যে খবর থাকে');
  const ends = await published('যে খবর ফুরায়', { expiresAt: new Date(endAt).toISOString() });
  const comes = await published('যে খবর আসছে', { publishedAt: new Date(dueAt).toISOString() });
  const unread = await published('যে খবর কেউ পড়েনি');
  const page = (id) => () => call(api, `/v1/articles/${id}`);
  const addresses = {
    'a page': page(stays),
    'a page that ends': page(ends),
    'a page that comes': page(comes),
    'a page that nobody had read': page(unread),
    'the latest list': () => call(api, '/v1/latest'),
    'a write': () => write({ title: 'যা লেখা হয়' }),
  };
  const parts = [
    ['before', 0, shutAt],
    ['away', shutAt, endAt],
    ['away, after the end', endAt, dueAt],
    ['away, after the publication', dueAt, openAt],
    ['back, the first two seconds', openAt, openAt + backMs],
    ['back', openAt + backMs, Number.POSITIVE_INFINITY],
  ];
  const partOf = (at) => parts.find(([, from, to]) => at >= from && at < to)[0];
  const rows = new Map();
  const wrong = [];
  let slowest = 0;
  const judge = (name, answer) => {
    const { asked, ended, status, text } = answer;
    const isSoon = ended < dueAt - toleranceMs;
    if (name === 'a page that ends' && status === 200 && asked > endAt + toleranceMs)
      wrong.push('a page after its end');
    if (name === 'a page that comes' && status === 200 && isSoon) wrong.push('a page before its time');
    if (name === 'the latest list') {
      if (text.includes(ends) && asked > endAt + toleranceMs) wrong.push('listed after its end');
      if (text.includes(comes) && isSoon) wrong.push('listed before its time');
    }
    if (asked > shutAt && asked < openAt) slowest = Math.max(slowest, ended - asked);
    if (asked >= openAt + backMs && (answer.headers.has('age') || status === 503))
      wrong.push(`${name} ${status} when back`);
  };
  let on = true;
  const unreadToo = (name, asked) => name !== 'a page that nobody had read' || asked > shutAt;
  const asking = Object.entries(addresses).map(async ([name, ask]) => {
    while (on) {
      if (unreadToo(name, Date.now())) {
        const answer = await ask();
        judge(name, answer);
        const row = `${name} | ${partOf(answer.asked)}`;
        const kinds = rows.get(row) ?? new Map();
        rows.set(row, kinds.set(kindOf(answer), (kinds.get(kindOf(answer)) ?? 0) + 1));
      }
      await delay(restMs);
    }
  });
  await delay(shutAt - Date.now());
  way.shut();
  await delay(openAt - Date.now());
  await way.open();
  await delay(backMs + 3_000);
  on = false;
  await Promise.all(asking);
  console.log('| address | time | answers |\n| --- | --- | --- |');
  for (const name of Object.keys(addresses))
    for (const [part] of parts) {
      const kinds = rows.get(`${name} | ${part}`);
      if (kinds !== undefined)
        console.log(`| ${name} | ${part} | ${[...kinds].map(([kind, count]) => `${kind} x ${count}`).join(', ')} |`);
    }
  console.log(`the slowest answer while it was away: ${slowest} ms`);
  for (const one of new Set(wrong)) console.log(`WRONG: ${one}`);
  passed = wrong.length === 0 && slowest <= slowMs;
} finally {
  await api.stop();
  await house.close();
  removeFolder(folder);
}
console.log(passed ? 'passed' : 'FAILED');
process.exit(passed ? 0 : 1);
