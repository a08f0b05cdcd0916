import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inProcessSpeeds } from './in-process.mjs';
import { checkout, runLoad, runScript, startProcess } from './processes.mjs';
import { deskEmail, deskPassword } from './seed.mjs';

// The figures of writes: over HTTP, a body of 1.5 KB, ten at once, each call sent once.

const connections = 10;
const paragraph = 'উজানের ঢলে নদীর পানি বেড়ে ঘাটের কাছে এসেছে, তবু হাট বসেছে সকাল থেকেই।';
const body = Array.from({ length: 7 }, () => `<p>${paragraph}</p>`).join('');

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const json = { 'Content-Type': 'application/json' };

/** Seconds of processor time that a process has taken; undefined where there is no /proc. */
function processorSeconds(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

export async function logIn(url) {
  const sent = JSON.stringify({ email: deskEmail, password: deskPassword });
  const response = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: json, body: sent });
  if (response.status !== 200) throw new Error(`the log-in answered ${response.status}`);
  return (await response.json()).accessToken;
}

let serial = 0;
const title = (what) => {
  serial += 1;
  return `${what} ${serial.toString().padStart(7, '0')}`;
};

/** Drafts that wait to be changed, planted by SQL. */
async function plant(client, count, tags) {
  const { rows } = await client.query(
    `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status)
      SELECT gen_random_uuid(), 'bn', gen_random_uuid()::text, false, 'ঘাটের খবর', $2, 'html', $2, 'draft' FROM generate_series(1, $1) RETURNING id`,
    [count, body],
  );
  const ids = rows.map(({ id }) => id);
  await client.query(
    `INSERT INTO article_tags (article_id, tag_id, position)
      SELECT a, t.id, t.place - 1 FROM unnest($1::uuid[]) a, unnest($2::uuid[]) WITH ORDINALITY t (id, place)`,
    [ids, tags],
  );
  return ids;
}

const post = (path, sent) => ({ method: 'POST', path, body: JSON.stringify(sent) });

/** What each figure sends: so many requests, each once. */
function kinds({ client, tags, source }) {
  const each = (count, make) => Array.from({ length: count }, make);
  const item = (id, itemVersion) => ({
    method: 'PUT',
    path: `/v1/sources/${source}/items/${id}`,
    body: JSON.stringify({ itemVersion, title: title('তারের খবর'), body, tags, status: 'draft' }),
  });
  return {
    create: async (count) => each(count, () => post('/v1/articles', { title: title('ঘাটের খবর'), body, tags })),
    patch: async (count) =>
      (await plant(client, count, tags)).map((id) => ({
        method: 'PATCH',
        headers: { 'If-Match': '*' },
        path: `/v1/articles/${id}`,
        body: JSON.stringify({ title: title('ঘাটে ভিড়'), body: `${body}<p>আরও।</p>` }),
      })),
    publish: async (count) =>
      (await plant(client, count, tags)).map((id) => ({
        ...post(`/v1/articles/${id}/publish`, {}),
        headers: { 'If-Match': '*' },
      })),
    'wire item, newer': async (count) => {
      const ids = await plant(client, count, tags);
      await client.query(
        'UPDATE articles SET source_id = $2, source_item_id = id::text, item_version = 1 WHERE id = ANY($1)',
        [ids, source],
      );
      await client.query(
        'INSERT INTO source_items (source_id, item_id, version, killed) SELECT $2, i, 1, false FROM unnest($1::text[]) i',
        [ids, source],
      );
      return ids.map((id) => item(id, 2));
    },
    'wire item, new': async (count) => each(count, () => item(`tag:wire,${title('a').replace(' ', '-')}`, 1)),
  };
}

/** Sends requests to a server from another process; gives what it measured and what processor time they took. */
async function send(server, requests, { token, rate = 0 }) {
  const folder = await mkdtemp(join(tmpdir(), 'khobor-load-'));
  const file = join(folder, 'load.json');
  const headers = { ...json, Authorization: `Bearer ${token}` };
  const whole = requests.map((request) => ({ ...request, headers: { ...headers, ...request.headers } }));
  await writeFile(file, JSON.stringify({ url: server.url, connections, rate, requests: whole }));
  const before = processorSeconds(server.pid);
  const measured = await runScript(join(checkout, 'tests/bench/write-load.mjs'), file);
  const after = processorSeconds(server.pid);
  await rm(folder, { recursive: true, force: true });
  return { ...measured, cpuMs: before === undefined ? undefined : (1000 * (after - before)) / requests.length };
}

const targets = { create: 0.4, patch: 0.35, publish: 0.35, 'wire item, new': 0.35, 'wire item, newer': 0.35 };

/** Rounds of a b b a, each with requests of its own; the ratio is the median of those of the rounds. */
async function compare(khobor, reference, make, { rounds, count, token }) {
  await send(khobor, await make(count), { token });
  await send(reference, await make(count), { token });
  const seen = [];
  for (let round = 0; round < rounds; round += 1) {
    const [a1, b1] = [
      await send(khobor, await make(count), { token }),
      await send(reference, await make(count), { token }),
    ];
    const [b2, a2] = [
      await send(reference, await make(count), { token }),
      await send(khobor, await make(count), { token }),
    ];
    const mean = (name, one, two) => (one[name] + two[name]) / 2;
    seen.push({
      a: mean('perSecond', a1, a2),
      b: mean('perSecond', b1, b2),
      cpuMs: { a: mean('cpuMs', a1, a2), b: mean('cpuMs', b1, b2) },
      bytes: [a1.bytes, b1.bytes],
    });
  }
  return {
    ratio: median(seen.map(({ a, b }) => a / b)),
    a: median(seen.map(({ a }) => a)),
    b: median(seen.map(({ b }) => b)),
    cpuMs: { a: median(seen.map(({ cpuMs }) => cpuMs.a)), b: median(seen.map(({ cpuMs }) => cpuMs.b)) },
    bytes: seen[0].bytes,
  };
}

async function bulkAgainstSingle(khobor, make, { rounds, token }) {
  const shares = { false: [], true: [] };
  for (let round = 0; round < rounds; round += 1) {
    const single = await send(khobor, await make(100), { token });
    for (const atomic of [false, true]) {
      const operations = (await make(100)).map((request) => ({ op: 'create', body: JSON.parse(request.body) }));
      const began = performance.now();
      const headers = { ...json, Authorization: `Bearer ${token}` };
      const sent = JSON.stringify({ operations, atomic });
      const response = await fetch(`${khobor.url}/v1/articles/bulk`, { method: 'POST', headers, body: sent });
      await response.text();
      if (response.status !== 200) throw new Error(`the bulk answered ${response.status}`);
      shares[atomic].push((performance.now() - began) / single.ms);
    }
  }
  return { apart: median(shares.false), atomic: median(shares.true) };
}

const writesPerSecond = 100;
/** How long before the readers begin the writes do, and go on after them: their sender has to start, which is no write. */
const asideSeconds = 1;

/**
 * Readers of the latest list, as fast as they can, while writes go on at a rate, against none. Whoever sends the writes needs
 * the readers' processors, as does a PostgreSQL on the same machine: with the same writes going to the reference, the share
 * says what is left to readers by writes that cost as little as they can.
 */
async function readsWhileWriting({ khobor, reference }, make, { rounds, seconds, token }) {
  const read = async () =>
    (await runLoad({ url: khobor.url, paths: ['/v1/latest'], connections: 8, seconds })).perSecond;
  const shares = { khobor: [], reference: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, server] of Object.entries({ khobor, reference })) {
      const alone = await read();
      const requests = await make(writesPerSecond * (seconds + 2 * asideSeconds));
      const writing = send(server, requests, { token, rate: writesPerSecond });
      await new Promise((resolve) => setTimeout(resolve, 1000 * asideSeconds));
      shares[name].push((await read()) / alone);
      await writing;
    }
  }
  return { khobor: median(shares.khobor), reference: median(shares.reference) };
}

export async function writingSpeed(bench, { environment, note, rounds, seconds }) {
  const url = await bench.database(1_000);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // What fails tells why itself.
  client.on('error', () => {});
  const { rows: users } = await client.query('SELECT id FROM users WHERE email = $1', [deskEmail]);
  const tags = (await client.query('SELECT id FROM tags ORDER BY id LIMIT 3')).rows.map(({ id }) => id);
  const source = (await client.query('SELECT id FROM sources ORDER BY id LIMIT 1')).rows[0].id;
  const env = { ...environment(url), DATABASE_POOL_MAX: '10', RATE_LIMIT_WRITES: '1000000' };
  const khobor = await startProcess(process.execPath, ['dist/main.js'], { env });
  const reference = await startProcess(process.execPath, ['tests/bench/write-reference.mjs'], {
    env: { ...env, BENCH_ACTOR: users[0].id },
  });
  const token = await logIn(khobor.url);
  const made = kinds({ client, tags, source });
  const how = { rounds, count: 300, token };
  for (const [kind, make] of Object.entries(made)) {
    const { ratio, a, b, cpuMs, bytes } = await compare(khobor, reference, make, how);
    const speeds = `${a.toFixed(0)}/s to ${b.toFixed(0)}/s, ${bytes.map((size) => size.toFixed(0)).join(' to ')} bytes`;
    note(
      `${kind}, against bare Express and pg`,
      `>= ${targets[kind]}`,
      `${ratio.toFixed(2)} (${speeds})`,
      ratio >= targets[kind],
    );
    // Milliseconds say as much of the machine as of the program: beside them stands what bare Express and pg take.
    if (kind === 'create' && Number.isFinite(cpuMs.a)) {
      const spent = `${cpuMs.a.toFixed(2)} ms (${cpuMs.b.toFixed(2)} of bare Express and pg)`;
      note('processor time of a create', '<= 2.8 ms', spent, cpuMs.a <= 2.8);
    }
  }
  const { prisma, pool, plain } = await inProcessSpeeds(url, {
    actorId: users[0].id,
    body,
    tags,
    title,
    rounds,
    count: 300,
    median,
  });
  const beside = `${prisma.toFixed(0)}/s in Prisma's transaction, ${pool.toFixed(0)}/s in one of the pool's, ${plain.toFixed(0)}/s plain`;
  note(
    'create in process, against plain statements of bare pg',
    'printed',
    `${(prisma / plain).toFixed(2)} (${beside})`,
    true,
  );
  const { apart, atomic } = await bulkAgainstSingle(khobor, made.create, how);
  note('a bulk of 100 creates against 100 single ones', '<= 0.7 time', apart.toFixed(2), apart <= 0.7);
  note('the same, all or nothing', '<= 0.7 time', atomic.toFixed(2), atomic <= 0.7);
  const shares = await readsWhileWriting({ khobor, reference }, made.create, { rounds, seconds, token });
  note('reads while 100 writes a second go on', '>= 0.8', shares.khobor.toFixed(2), shares.khobor >= 0.8);
  note('the same, writes to bare Express and pg', 'printed', shares.reference.toFixed(2), true);
  await reference.stop();
  await khobor.stop();
  await client.end();
}
