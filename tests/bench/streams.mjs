import { get } from 'node:http';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openBenchPostgres } from './database.mjs';
import { residentMb, startProcess, stopAll } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';

// What streams cost: `npm run bench:streams`. It prints what 2,000 idle streams add to the memory of the process, what they ask
// of the database in a minute of silence, and how soon a publication is received. The readers are in this process, on the same
// machine. `-- --streams 500 --seconds 20` asks for less.

const { values: options } = parseArgs({
  options: { streams: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '60' } },
});
const count = Number(options.streams);
const seconds = Number(options.seconds);
const publications = 200;

const share = (numbers, part) => numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * part) - 1];
const median = (numbers) => share(numbers, 0.5);
const note = (figure, target, measured, ok) =>
  console.log(`${ok ? 'ok  ' : 'MISS'} ${figure} (${target}): ${measured}; load ${loadavg()[0].toFixed(1)}`);

/** A reader of the latest list. `heard` is called with what it receives. */
const listen = (url, heard) =>
  new Promise((resolve, reject) => {
    const call = get(`${url}/v1/latest/stream`, { agent: false, headers: { Accept: 'text/event-stream' } }, (res) => {
      if (res.statusCode !== 200) return reject(new Error(`a stream was answered ${res.statusCode}`));
      res.setEncoding('utf8');
      res.once('data', () => resolve(call));
      res.on('data', heard);
      res.on('error', () => {});
    });
    call.on('error', reject);
  });

async function openAll(url, heard) {
  const calls = [];
  while (calls.length < count) {
    const some = Array.from({ length: Math.min(50, count - calls.length) }, () => listen(url, heard));
    calls.push(...(await Promise.all(some)));
  }
  return calls;
}

/** The memory of a process that does nothing for some seconds: the median. */
async function restingMb(pid) {
  const samples = [];
  for (let turn = 0; turn < 20; turn += 1) {
    await pause(500);
    samples.push(residentMb(pid) ?? 0);
  }
  return median(samples);
}

/** The transactions of all who are connected, in so many seconds; what the server has not yet counted comes with a second more. */
async function askedWhile(database, forSeconds) {
  const read = async () => {
    await pause(1_500);
    const { rows } = await database.query(
      'SELECT xact_commit::int AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0].n;
  };
  const before = await read();
  await pause(forSeconds * 1_000);
  return (await read()) - before;
}

async function logIn(url) {
  const response = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: deskEmail, password: deskPassword }),
  });
  return (await response.json()).accessToken;
}

/** Milliseconds from sending each publication until a reader has it, and until all readers have it. */
async function publish(url, received) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await logIn(url)}` };
  const [first, last] = [[], []];
  for (let turn = 0; turn < publications; turn += 1) {
    const title = `সংবাদ ${process.pid}-${turn}.`;
    const all = received(title);
    const began = performance.now();
    const body = JSON.stringify({ title, status: 'published' });
    const response = await fetch(`${url}/v1/articles`, { method: 'POST', headers, body });
    if (response.status !== 201) throw new Error(`a publication was answered ${response.status}`);
    await response.arrayBuffer();
    const times = await all;
    first.push(times[0] - began);
    last.push(times.at(-1) - began);
    await pause(100);
  }
  return { first, last };
}

/** Collects when each of `readers` readers has received a word. */
function openEar(readers) {
  let [word, times, done] = ['', [], () => {}];
  return {
    heard(text) {
      if (word === '' || !text.includes(word)) return;
      times.push(performance.now());
      if (times.length === readers()) done(times);
    },
    received(wanted) {
      [word, times] = [wanted, []];
      return new Promise((resolve) => {
        done = resolve;
      });
    },
  };
}

const inMs = (numbers) => `p50 ${share(numbers, 0.5).toFixed(0)} ms, p99 ${share(numbers, 0.99).toFixed(0)} ms`;

async function measure(server, database) {
  await logIn(server.url);
  const quiet = await askedWhile(database, seconds);
  const before = await restingMb(server.pid);
  let readers = 1;
  const ear = openEar(() => readers);
  const one = await listen(server.url, ear.heard);
  const alone = await publish(server.url, ear.received);
  note('publish to received, one stream', 'p99 <= 250 ms', inMs(alone.first), share(alone.first, 0.99) <= 250);
  one.destroy();
  const settled = await restingMb(server.pid);
  const calls = await openAll(server.url, ear.heard);
  const idle = await askedWhile(database, seconds);
  const after = await restingMb(server.pid);
  note(
    `${count} idle streams above the same process without`,
    '<= 60 MB',
    `${(after - settled).toFixed(1)} MB (${before.toFixed(0)} MB at start, ${settled.toFixed(0)} MB without, ${after.toFixed(0)} MB with)`,
    after - settled <= 60,
  );
  note(
    `transactions in ${seconds} s of silence`,
    'as without',
    `${idle} with ${count} streams, ${quiet} without`,
    idle <= quiet * 1.05 + 5,
  );
  readers = count;
  const many = await publish(server.url, ear.received);
  note(
    `publish to received by the first of ${count}`,
    'p99 <= 250 ms',
    inMs(many.first),
    share(many.first, 0.99) <= 250,
  );
  note(`publish to received by the last of ${count}`, 'p99 <= 250 ms', inMs(many.last), share(many.last, 0.99) <= 250);
  for (const call of calls) call.destroy();
}

const bench = await openBenchPostgres();
try {
  const url = await bench.database(1_000);
  const env = {
    DATABASE_URL: url,
    JWT_SECRET: 'only-of-the-benchmark-0123456789-abcdef',
    PUBLIC_URL: 'https://news.example',
    DEMO: 'false',
    STREAMS_ADDRESS_MAX: '4000',
  };
  const server = await startProcess(process.execPath, ['dist/main.js'], { env });
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await measure(server, database);
  await database.end();
} finally {
  await stopAll();
  await bench.close();
}
