import { unavailable } from '../core/errors.ts';
import type { Read } from '../db/tx.ts';

/** The last positions that were given, of all events and of those that strangers may know of. */
export type Head = { readonly all: number; readonly public: number };

const headsStatement = {
  name: 'changes-heads',
  text: 'SELECT position::float8 AS all, public_position::float8 AS public FROM @changes_head',
};

export async function readHeads(read: Read): Promise<Head> {
  const [head] = await read<Head>(headsStatement);
  return head ?? { all: 0, public: 0 };
}

/** Calls that wait until there is something after a position: one reader of the database for all of them. */
export type Waiting = {
  /** Until one of this order has a position after `position`, the time is over or the process stops; whether one has. */
  past(order: keyof Head, position: number, ms: number): Promise<boolean>;
  /** Somebody says that there are new positions. */
  moved(): void;
};

export type WaitingParts = {
  readHead(): Promise<Head>;
  isStopping(): boolean;
  /** So many calls may wait at once. */
  max: number;
};

const lookEveryMs = 1_000;

type Waiter = { order: keyof Head; position: number; end(moved: boolean): void };

export function openWaiting({ readHead, isStopping, max }: WaitingParts): Waiting {
  const waiters = new Set<Waiter>();
  let [reading, again] = [false, false];
  let timer: NodeJS.Timeout | undefined;

  const endAll = () => {
    for (const waiter of waiters) waiter.end(false);
  };
  const look = async (): Promise<void> => {
    again = reading;
    if (reading || waiters.size === 0) return;
    reading = true;
    // A database that is away is asked again: who waits has an answer anyway when the time is over.
    const head = await readHead().catch(() => null);
    reading = false;
    for (const waiter of waiters) if (head !== null && head[waiter.order] > waiter.position) waiter.end(true);
    if (again) await look();
  };
  const tick = () => (isStopping() ? endAll() : void look());

  return {
    moved: () => void look(),
    past(order, position, ms) {
      if (isStopping()) return Promise.resolve(false);
      if (waiters.size >= max) throw unavailable(undefined, 'waiting');
      return new Promise((resolve) => {
        const waiter: Waiter = {
          order,
          position,
          end(moved) {
            waiters.delete(waiter);
            clearTimeout(over);
            if (waiters.size === 0) {
              clearInterval(timer);
              timer = undefined;
            }
            resolve(moved);
          },
        };
        const over = setTimeout(() => waiter.end(false), ms);
        waiters.add(waiter);
        timer ??= setInterval(tick, lookEveryMs);
        void look();
      });
    },
  };
}
