import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { administer, checkout } from './house.mjs';

// Who sends and who receives: workers and a sink, each a process of its own, and the webhooks between them.

/** Asks one question after another of a child that answers each. */
function asking(child) {
  let before = Promise.resolve();
  return (question) => {
    const answer = before.then(
      () =>
        new Promise((resolve) => {
          child.once('message', resolve);
          if (question) child.send(question);
        }),
    );
    before = answer;
    return answer;
  };
}

export async function startSink() {
  const child = fork(join(checkout, 'tests/chaos/webhook-sink.mjs'), { serialization: 'advanced' });
  const ask = asking(child);
  const { port } = await ask();
  return {
    pid: child.pid,
    urlOf: (path) => `http://127.0.0.1:${port}${path}`,
    answer: (path, how) => ask({ path, ...how }),
    /** All that came at a path, and the most at once. */
    take: (path) => ask({ take: path }),
    cpuMs: async () => (await ask({ cpu: true })).cpuMs,
    stop: () => child.kill('SIGKILL'),
  };
}

export function startWorker(env) {
  const child = spawn(process.execPath, [join(checkout, 'dist/worker.js')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8', ...env },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', (code, name) => resolve(name ?? code)));
  let said = '';
  const ready = new Promise((resolve, reject) => {
    child.stdout.on('data', (part) => {
      if (said.length < 10_000) said += part;
      if (said.includes('webhooks are told of changes')) resolve();
    });
    ended.then((code) => reject(new Error(`a worker ended with ${code}: ${said}`)));
  });
  ready.catch(() => {});
  return {
    pid: child.pid,
    ready,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Makes a webhook to a path of the sink, which knows its secret then. */
export async function makeHook({ url, token, sink }, path, { share = 0, silent = false, ...members } = {}) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({
    name: `প্রাপক ${path}`,
    url: sink.urlOf(path),
    kinds: ['article'],
    include: ['item'],
    ...members,
  });
  await sink.answer(path, { share, silent, secrets: [] });
  const res = await fetch(`${url}/v1/webhooks`, { method: 'POST', headers, body });
  const { id, secret } = await res.json();
  if (res.status !== 201) throw new Error(`a webhook was answered ${res.status}`);
  await sink.answer(path, { secrets: [secret] });
  return { id, secret, path };
}

export async function create({ url, token }, title = `খবর ${randomUUID()}`) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ title, status: 'published', body: '<p>নদীর ঘাটে আজ ভিড় ছিল।</p>' });
  const res = await fetch(`${url}/v1/articles`, { method: 'POST', headers, body }).catch(() => undefined);
  await res?.arrayBuffer();
  return res?.status === 201;
}

/** So many creates a second, spread evenly. */
export async function writeEvenly(world, { seconds, perSecond }) {
  const writing = [];
  for (let made = 0; made < seconds * perSecond; made += 1) {
    writing.push(create(world));
    await delay(1_000 / perSecond);
  }
  return (await Promise.all(writing)).filter(Boolean).length;
}

export const removeHooks = (adminUrl) => administer(adminUrl, 'DELETE FROM webhooks', 'DELETE FROM webhook_deliveries');

const waitingSql = `SELECT count(*)::int AS waiting FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting'`;
const behindSql = 'SELECT h.position > w.position AS behind FROM webhooks w CROSS JOIN changes_head h WHERE w.id = $1';

/** Waits until everything was fed and sent. `hurry`: pauses are cut short, so that nobody waits for half an hour. */
export async function untilDrained(adminUrl, hook, { hurry = false, limitS = 600, everyMs = 200 } = {}) {
  const end = performance.now() + limitS * 1_000;
  for (;;) {
    const [{ unnumbered }] = await administer(adminUrl, 'SELECT count(*)::int AS unnumbered FROM unnumbered');
    const [{ behind }] = await administer(adminUrl, [behindSql, [hook.id]]);
    const [{ waiting }] = await administer(adminUrl, [waitingSql, [hook.id]]);
    if (unnumbered === 0 && !behind && waiting === 0) return;
    if (performance.now() > end) throw new Error(`${waiting} deliveries still wait`);
    if (hurry)
      await administer(
        adminUrl,
        `UPDATE webhook_deliveries SET due_at = now() WHERE state = 'waiting' AND due_at > now()`,
        'UPDATE webhooks SET probe_at = now() WHERE probe_at > now()',
      );
    await delay(everyMs);
  }
}

export const share = (numbers, part) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};
