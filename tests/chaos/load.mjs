import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { account } from './house.mjs';

// Writers and readers who go on calling whatever happens, and what they know afterwards.

const patienceMs = 10_000;
const restMs = 20;

/** What a call came to, as a word: its status, with the code of a failure, or why there was no answer. */
async function call(url, init = {}) {
  try {
    const res = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
    const text = await res.text();
    if (!res.headers.get('content-type')?.includes('json')) return { word: `${res.status} of the proxy` };
    const body = JSON.parse(text);
    return { word: res.ok ? 'ok' : wordOf(body), res, body };
  } catch (error) {
    return { word: error.name === 'TimeoutError' ? 'no answer in time' : (error.cause?.code ?? error.name) };
  }
}

/** The kind of a failure; of one that is there for now the reason, which is the beginning of its sentence. */
const wordOf = ({ status, code, detail }) =>
  code === 'unavailable' ? `503 (${detail.split(/[;.]/, 1)[0]})` : `${status} ${code}`;

export async function logIn(url) {
  const headers = { 'Content-Type': 'application/json' };
  const { word, body } = await call(`${url}/v1/auth/login`, { method: 'POST', headers, body: JSON.stringify(account) });
  if (word !== 'ok') throw new Error(`the log-in failed: ${word}`);
  return body.accessToken;
}

/** The version that an ETag names. */
const versionOf = (res) => Number(/\d+/.exec(res.headers.get('etag') ?? '')?.[0]);

/**
 * Load on `url`, where the API answers under `url` itself. `end` stops it and gives what was seen: the newest acknowledged
 * version of each article, the failures by kind, and the longest time that a reader went without an answer.
 */
export function startLoad(url, token, { writers = 8, readers = 8 } = {}) {
  const acknowledged = new Map();
  const failures = new Map();
  let [calls, outageMs, on] = [0, 0, true];
  const count = (word) => {
    calls += 1;
    if (word !== 'ok') failures.set(word, (failures.get(word) ?? 0) + 1);
  };

  const send = async (method, path, body, more) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more };
    const answer = await call(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
    count(answer.word);
    if (answer.word === 'ok') acknowledged.set(answer.body.id, versionOf(answer.res));
    else await delay(restMs);
    return answer.word === 'ok' ? answer : undefined;
  };

  /** An article and three changes of it. What was not answered is sent again under its key, as clients are told to. */
  const write = async () => {
    const title = `ঝড়ের খবর ${randomUUID()}`;
    const body = { title, body: '<p>জোয়ারের পানি বাড়ছে।</p>', status: 'published' };
    const key = { 'Idempotency-Key': randomUUID() };
    let last;
    while (on && last === undefined) last = await send('POST', '/v1/articles', body, key);
    for (let step = 0; on && last !== undefined && step < 3; step += 1) {
      const path = `/v1/articles/${last.body.id}`;
      // The version alone: a proxy that compresses weakens the tag.
      const ifMatch = { 'If-Match': `"${versionOf(last.res)}"` };
      last = await send('PATCH', path, { kicker: `ধাপ ${step}` }, ifMatch);
    }
  };

  const read = async (since) => {
    const { word } = await call(`${url}/v1/latest?limit=5`);
    count(word);
    const now = performance.now();
    if (word === 'ok' || !on) outageMs = Math.max(outageMs, now - since);
    await delay(restMs);
    return word === 'ok' ? now : since;
  };

  const writing = Array.from({ length: writers }, async () => {
    while (on) await write();
  });
  const reading = Array.from({ length: readers }, async () => {
    for (let since = performance.now(); on; ) since = await read(since);
  });
  return {
    async end() {
      on = false;
      await Promise.all([...writing, ...reading]);
      return { acknowledged, failures, calls, outageMs: Math.round(outageMs) };
    },
  };
}
