import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../db/client.ts';
import { qualify } from '../db/sql.ts';
import { openBell } from './bell.ts';

/** The most events that get their positions in one transaction. */
export const batch = 500;

/**
 * One round trip and one transaction: the server gets all of it or nothing, so a process that is stopped or cut off cannot
 * leave it open. The timeouts are local to this transaction, so they also hold behind a pooler. If a process hangs here,
 * another one takes over within five seconds.
 */
const text = `SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '4s', true);
  SELECT moved FROM @number_events(${batch})`;

type NumberingDb = Pick<Db, 'pool' | 'schema'>;

/** How many events got their positions; null if another process was numbering at the time. */
async function takeTurn(db: NumberingDb): Promise<number | null> {
  const results: unknown = await db.pool.query(qualify(db.schema)(text));
  const [, { rows: [row] = [] }] = Object(results);
  return row?.moved ?? null;
}

/** Gives positions to all events that have none. Null if another process is numbering: the call must be repeated. */
export async function numberOnce(db: NumberingDb): Promise<number | null> {
  for (let total = 0; ; ) {
    const moved = await takeTurn(db);
    if (moved === null) return null;
    total += moved;
    if (moved < batch) return total;
  }
}

/** Things that become due without a call. `take` records the events of one batch and returns how many there were. */
export type Due = { readonly what: string; readonly take: () => Promise<number> };

export type NumberingParts = {
  db: NumberingDb & Pick<Db, 'onRecorded'>;
  due: readonly Due[];
  /** Called with the number of events that this process gave positions to. */
  numbered(count: number): void;
  /** Called for the first of several failures in a row; `recovered` when the work succeeds again. */
  failed(what: string, error: unknown): void;
  recovered(what: string): void;
};

/** The shortest time between two rounds: a commit is known to others about half of this time later. */
const restMs = 20;

/** A round takes a share of a busy server from those who write: it is at most a fifth, as long as others learn in time. */
const slowRestMsMax = 60;

/** From some 70 events a second on, rounds become rarer and larger: each costs much the same, however many it numbers. */
const restMsOfEvent = 15;
const fullRestMsMax = 80;

const restAfter = (tookMs: number, moved: number) =>
  Math.max(restMs, Math.min(slowRestMsMax, 4 * tookMs), Math.min(fullRestMsMax, restMsOfEvent * moved));

/** How often to look for what is due, and for events that other processes have left without a position. */
const everyMs = 1_000;

/** While another process is numbering, we retry: it may have begun before our commit and so not see our events. */
const busyMsMax = 320;

/** Runs work and reports repeated failures only once. Returns null for work that failed. */
function openTelling({ failed, recovered }: Pick<NumberingParts, 'failed' | 'recovered'>) {
  const failing = new Set<string>();
  return async <Result>(what: string, work: () => Promise<Result>): Promise<{ result: Result } | null> => {
    try {
      const result = await work();
      if (failing.delete(what)) recovered(what);
      return { result };
    } catch (error) {
      if (!failing.has(what)) failed(what, error);
      failing.add(what);
      return null;
    }
  };
}

/**
 * Numbers events after each commit of this process and each second; what is due comes first. No caller waits for it. If
 * the database is away, it retries each second. Returns the function that ends it, after numbering once more.
 */
export function startNumbering(parts: NumberingParts): () => Promise<void> {
  const { db, due, numbered } = parts;
  const bell = openBell();
  const tell = openTelling(parts);
  const stopping = new AbortController();
  const forget = db.onRecorded(bell.ring);

  const takeDue = async () => {
    for (const { what, take } of due)
      await tell(what, async () => {
        while (!stopping.signal.aborted && (await take()) > 0);
      });
  };

  const run = async () => {
    let [dueAt, busyMs] = [0, 0];
    while (!stopping.signal.aborted) {
      if (performance.now() >= dueAt) {
        await takeDue();
        dueAt = performance.now() + everyMs;
      }
      const began = performance.now();
      const done = await tell('numbering', () => numberOnce(db));
      const rest = restAfter(performance.now() - began, done?.result ?? 0);
      if (done?.result) numbered(done.result);
      busyMs = done?.result === null ? Math.min(busyMsMax, Math.max(restMs, busyMs * 2)) : 0;
      await pause(done === null ? everyMs : rest, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      await bell.wait(busyMs > 0 ? busyMs - rest : dueAt - performance.now());
    }
    return tell('numbering', () => numberOnce(db));
  };

  const ended = run();
  return async () => {
    forget();
    stopping.abort();
    bell.ring();
    await ended;
  };
}
