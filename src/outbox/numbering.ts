import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../db/client.ts';
import { qualify } from '../db/sql.ts';
import { openBell } from './bell.ts';

/** So many events get their positions in one transaction. */
const batch = 500;

/**
 * One round trip and one transaction, which a process that is stopped or cut off cannot leave open: the server has all of
 * it or nothing. The limits go for this transaction alone, so that they hold behind a pooler too, and whoever hangs here is
 * taken over by another process within five seconds.
 */
const text = `SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '4s', true);
  SELECT moved FROM @number_events(${batch})`;

type NumberingDb = Pick<Db, 'pool' | 'schema'>;

/** How many events got their positions; null where another process had its turn meanwhile. */
async function takeTurn(db: NumberingDb): Promise<number | null> {
  const results: unknown = await db.pool.query(qualify(db.schema)(text));
  const [, { rows: [row] = [] }] = Object(results);
  return row?.moved ?? null;
}

/** Gives positions to all events that have none; null where another process is about it and must be asked again. */
export async function numberOnce(db: NumberingDb): Promise<number | null> {
  for (let total = 0; ; ) {
    const moved = await takeTurn(db);
    if (moved === null) return null;
    total += moved;
    if (moved < batch) return total;
  }
}

/** What time brings without anybody's call: records the events of a batch of what is due, and gives how many there were. */
export type Due = { readonly what: string; readonly take: () => Promise<number> };

export type NumberingParts = {
  db: NumberingDb & Pick<Db, 'onRecorded'>;
  due: readonly Due[];
  /** Hears how many events got their positions here. */
  numbered(count: number): void;
  /** Hears of the first failure of several in a row, and of their end. */
  failed(what: string, error: unknown): void;
  recovered(what: string): void;
};

/** At most so often after commits; a commit is known to others about half of it later. */
const restMs = 20;

/** What is due is looked for so often, and what others have left without a position. */
const everyMs = 1_000;

/** Where another process is numbering, it is asked again: its turn may have begun before our commit. */
const busyMsMax = 320;

/** Does each work and tells of a failure once, however often it comes again. Gives null for what failed. */
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
 * Numbers after the commits of this process and each second; what is due comes before. Nothing that a caller sees waits
 * for it, and where the database is away it goes on trying, each second. Gives the function that ends it, which numbers
 * once more.
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
      const done = await tell('numbering', () => numberOnce(db));
      if (done?.result) numbered(done.result);
      busyMs = done?.result === null ? Math.min(busyMsMax, Math.max(restMs, busyMs * 2)) : 0;
      await pause(done === null ? everyMs : restMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      await bell.wait(busyMs > 0 ? busyMs - restMs : dueAt - performance.now());
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
