import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

// Writers and followers of several processes, who turn to another one where theirs is gone.

/** Of what is to be rolled back, so that it is found again if it was not. */
export const rolledBack = 'ফিরিয়ে নেওয়া';

const restMs = 20;
const patienceMs = 30_000;

/** The answer with its body; undefined where the process is gone or does not serve the call now. */
async function ask(url, init) {
  try {
    const res = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
    const body = await res.json();
    return res.status >= 500 ? undefined : { status: res.status, body };
  } catch {
    return undefined;
  }
}

/** Sends a call to one process after another, until one answers it or `isOver`. */
export async function askAny(urls, turn, path, init, isOver) {
  for (let next = turn; !isOver(); next += 1) {
    const answer = await ask(`${urls[next % urls.length]}${path}`, init);
    if (answer !== undefined) return answer;
    await delay(restMs);
  }
  return undefined;
}

/** Writers on these processes. `end` stops them; it gives the newest version that each article was acknowledged with. */
export function startWriters(urls, token, count) {
  const acknowledged = new Map();
  let [on, taken, calls] = [true, 0, 0];
  const send = async (turn, method, path, body, more = {}) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more };
    const answer = await askAny(urls, turn, path, { method, headers, body: JSON.stringify(body) }, () => !on);
    calls += 1;
    return answer;
  };
  /** Two operations that are done together or not at all, of which the second cannot be done. */
  const sendInVain = async (turn) => {
    const create = { op: 'create', body: { title: `${rolledBack} ${randomUUID()}`, status: 'published' } };
    const operations = [create, { op: 'update', id: randomUUID(), ifMatch: '*', body: { kicker: 'নেই' } }];
    const answer = await send(turn, 'POST', '/v1/articles/bulk', { atomic: true, operations });
    if (answer !== undefined && answer.body.code !== 'bulk-failed')
      throw new Error(`a bulk in vain was answered ${answer.status}`);
    if (answer !== undefined) taken += 1;
  };
  const write = async (turn) => {
    const key = { 'Idempotency-Key': randomUUID() };
    const made = await send(turn, 'POST', '/v1/articles', { title: `খবর ${randomUUID()}`, status: 'published' }, key);
    if (made?.status !== 201) return;
    acknowledged.set(made.body.id, 1);
    const path = `/v1/articles/${made.body.id}`;
    const changed = await send(turn, 'PATCH', path, { kicker: 'হালনাগাদ' }, { 'If-Match': '"1"' });
    if (changed?.status === 200) acknowledged.set(made.body.id, 2);
  };
  const writers = Array.from({ length: count }, async (_, index) => {
    for (let turn = index; on; turn += 1) {
      await write(turn);
      if (turn % 4 === 0) await sendInVain(turn);
    }
  });
  const done = Promise.all(writers);
  // Whoever ends them is told.
  done.catch(() => {});
  return {
    async end() {
      on = false;
      await done;
      return { acknowledged, rolledBack: taken, calls };
    },
  };
}

/**
 * One who follows the staff's changes through these processes, beginning with one of them. `end` waits until nothing is left
 * to read; it gives the newest version of each article, and how often something came in an older version or at an older
 * position than before.
 */
export function startFollower(urls, token, first) {
  const versions = new Map();
  let [on, backwards, last] = [true, 0, 0];
  const headers = { Authorization: `Bearer ${token}` };
  const read = async (cursor, wait) => {
    const query = ['audience=staff&kind=article&limit=100', wait, cursor && `after=${cursor}`]
      .filter(Boolean)
      .join('&');
    const answer = await askAny(urls, first, `/v1/changes?${query}`, { headers }, () => false);
    if (answer.status !== 200) throw new Error(`a follower was answered ${answer.status} ${answer.body.code}`);
    for (const { id, version, position } of answer.body.data) {
      if (position < last || version < (versions.get(id) ?? 0)) backwards += 1;
      last = position;
      versions.set(id, version);
    }
    return answer.body.page;
  };
  const done = (async () => {
    let page = { nextCursor: '', more: true };
    while (on || page.more) page = await read(page.nextCursor, on ? 'wait=1' : '');
    await read(page.nextCursor, '');
  })();
  done.catch(() => {});
  return {
    async end() {
      on = false;
      await done;
      return { versions, backwards };
    },
  };
}
