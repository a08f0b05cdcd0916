import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { untilReady } from './cases.mjs';
import { administer } from './house.mjs';
import { rolledBack, startWriters } from './outbox-writers.mjs';
import { create, makeHook, removeHooks, share, startWorker, untilDrained, writeEvenly } from './webhook-house.mjs';

// What is done to those who send, and what the sink and the database say of it. Each case gives rows of a table.

const ms = (number) => `${number.toFixed(0)} ms`;

/** What a sink that answered may hold against those who sent. */
async function faultsOf({ adminUrl, sink }, hook) {
  const { came, most } = await sink.take(hook.path);
  const taken = came.filter(({ status }) => status === 204);
  const ids = new Set(taken.map(({ delivery }) => delivery));
  const rows = await administer(adminUrl, [
    `SELECT d.id::text, d.state FROM changes c JOIN events e ON e.seq = c.event_seq
       LEFT JOIN webhook_deliveries d ON d.event_id = e.id AND d.webhook_id = $1
     WHERE e.subject_type = 'article' AND c.public_position IS NOT NULL AND e.at > (SELECT created_at FROM webhooks WHERE id = $1)`,
    [hook.id],
  ]);
  const lost = rows.filter(({ id, state }) => id === null || state !== 'done' || !ids.has(id)).length;
  const [positions, versions] = [new Map(), new Map()];
  let backwards = 0;
  const seen = new Set();
  for (const { id, position, version, delivery } of taken) {
    // What is sent twice is told apart by its id.
    if (seen.has(delivery)) continue;
    seen.add(delivery);
    if (position < (positions.get(id) ?? 0) || version < (versions.get(id) ?? 0)) backwards += 1;
    positions.set(id, position);
    versions.set(id, version);
  }
  return {
    came,
    versions,
    most,
    sent: rows.length,
    lost,
    backwards,
    twice: taken.length - ids.size,
    unsigned: came.filter(({ signed }) => !signed).length,
    undone: came.filter(({ title = '', slug = '' }) => `${title} ${slug}`.includes(rolledBack)).length,
  };
}

const isFlawless = ({ sent, lost, backwards, undone, unsigned }) =>
  sent > 0 && lost + backwards + undone + unsigned === 0;
const tellFaults = ({ sent, lost, backwards, undone, unsigned, twice, most, came }) =>
  `${sent} changes in ${came.length} attempts, ${lost} lost, ${backwards} out of order, ${undone} of what was rolled back, ${unsigned} wrongly signed; ${twice} taken twice, ${most} at once`;

/** 16 writers, a sink that fails, two workers of which one is killed. */
export async function losses(world, { seconds }) {
  const { adminUrl, url, token, env } = world;
  const hook = await makeHook(world, '/flaky', { share: 0.3 });
  const workers = [startWorker(env), startWorker(env)];
  await Promise.all(workers.map(({ ready }) => ready));
  const writers = startWriters([url], token, 16);
  await delay(seconds * 500);
  await workers[0].stop('SIGKILL');
  await delay(seconds * 500);
  const { acknowledged } = await writers.end();
  await untilDrained(adminUrl, hook, { hurry: true });
  await workers[1].stop();
  const faults = await faultsOf(world, hook);
  const behind = [...acknowledged].filter(([id, version]) => (faults.versions.get(id) ?? 0) < version).length;
  await removeHooks(adminUrl);
  return [
    {
      what: 'a sink failing 30 %, two workers, one killed (-9)',
      want: '0 lost, in order',
      got: `${tellFaults(faults)}; ${behind} of ${acknowledged.size} acknowledged articles behind`,
      good: isFlawless(faults) && behind === 0,
    },
  ];
}

const bulk = 100;

/** So many changes that wait, made while nobody sends. */
async function pile({ url, token }, count) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  for (let made = 0; made < count; made += bulk) {
    const operations = Array.from({ length: bulk }, () => ({
      op: 'create',
      body: { title: `সারির খবর ${randomUUID()}`, status: 'published', body: '<p>নদীর ঘাটে আজ ভিড় ছিল।</p>' },
    }));
    const res = await fetch(`${url}/v1/articles/bulk`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ operations }),
    });
    const { results = [] } = await res.json();
    if (results.filter(({ status }) => status === 201).length < bulk) throw new Error('an article was not made');
  }
}

export async function draining(world, { waiting }) {
  const { adminUrl, env, sink } = world;
  const hook = await makeHook(world, '/pile');
  await pile(world, waiting);
  const before = await sink.cpuMs();
  const worker = startWorker(env);
  await worker.ready;
  const began = performance.now();
  await untilDrained(adminUrl, hook);
  const seconds = (performance.now() - began) / 1_000;
  const cpuMs = (await sink.cpuMs()) - before;
  await worker.stop();
  const faults = await faultsOf(world, hook);
  await removeHooks(adminUrl);
  const perSecond = faults.sent / seconds;
  return [
    {
      what: `draining ${faults.sent} waiting`,
      want: '>= 100 a second',
      got: `${perSecond.toFixed(0)} a second, ${faults.lost} lost; the sink took ${(cpuMs / seconds / 10).toFixed(0)} % of a core`,
      good: perSecond >= 100 && isFlawless(faults),
    },
  ];
}

/** How many creates ten writers get done in a second. */
async function speed(world, seconds) {
  const end = performance.now() + seconds * 1_000;
  const writers = Array.from({ length: 10 }, async () => {
    let made = 0;
    while (performance.now() < end) if (await create(world)) made += 1;
    return made;
  });
  return (await Promise.all(writers)).reduce((sum, made) => sum + made, 0) / seconds;
}

/** Rounds of none, with, with, none. */
export async function cost(world, { seconds, rounds }) {
  const { adminUrl, env, sink } = world;
  const withWorker = async () => {
    const hook = await makeHook(world, '/cost');
    const worker = startWorker(env);
    await worker.ready;
    const before = await sink.cpuMs();
    const perSecond = await speed(world, seconds);
    const cpu = ((await sink.cpuMs()) - before) / seconds / 10;
    await untilDrained(adminUrl, hook);
    await worker.stop();
    await removeHooks(adminUrl);
    return { perSecond, cpu };
  };
  await speed(world, seconds);
  const [ratios, cpus, speeds] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const first = await speed(world, seconds);
    const [a, b] = [await withWorker(), await withWorker()];
    const last = await speed(world, seconds);
    ratios.push((a.perSecond + b.perSecond) / (first + last));
    cpus.push(a.cpu, b.cpu);
    speeds.push((first + last) / 2);
  }
  const ratio = share(ratios, 0.5);
  return [
    {
      what: 'writes a second with a worker and a webhook, against none',
      want: '>= 0.8',
      got: `${ratio.toFixed(2)} of ${share(speeds, 0.5).toFixed(0)} a second; the sink took ${share(cpus, 0.5).toFixed(0)} % of a core`,
      good: ratio >= 0.8,
    },
  ];
}

/** A restart of PostgreSQL, a worker that is told to end, and a rotation, while 20 writes a second go on. */
export async function restart(world, { seconds }) {
  const { adminUrl, env, url, token, house, sink } = world;
  const hook = await makeHook(world, '/restart');
  let worker = startWorker(env);
  await worker.ready;
  const writing = writeEvenly(world, { seconds, perSecond: 20 });
  await delay(seconds * 250);
  const stoppedAt = Date.now();
  process.kill(house.postmaster(), 'SIGINT');
  await delay(1_000);
  await untilReady(url);
  await delay(seconds * 250);
  const survived = worker.isAlive();
  const exit = await worker.stop();
  worker = startWorker(env);
  await worker.ready;
  const headers = { Authorization: `Bearer ${token}`, 'If-Match': '*' };
  // The sink knows the secret of before alone.
  const rotated = await fetch(`${url}/v1/webhooks/${hook.id}/rotate-secret`, { method: 'POST', headers });
  await rotated.arrayBuffer();
  const made = await writing;
  await untilDrained(adminUrl, hook, { hurry: true });
  await worker.stop();
  const faults = await faultsOf(world, hook);
  const back = (await sink.take(hook.path)).came.find(({ at }) => at > stoppedAt + 500);
  await removeHooks(adminUrl);
  return [
    {
      what: 'PostgreSQL restarted, then the worker, then the secret rotated',
      want: '0 lost, in order',
      got: `${made} writes; ${tellFaults(faults)}; sent again ${ms((back?.at ?? Number.NaN) - stoppedAt)} after the restart began`,
      good: isFlawless(faults) && survived && exit === 0 && rotated.status === 200,
    },
  ];
}
