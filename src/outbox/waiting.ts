import { unavailable } from '../core/errors.ts';
import type { Read } from '../db/tx.ts';

/** The last positions given: among all events, and among those that the public may know. */
export type Head = { readonly all: number; readonly public: number };

const headsStatement = {
  name: 'changes-heads',
  text: 'SELECT position::float8 AS all, public_position::float8 AS public FROM @changes_head',
};

export async function readHeads(read: Read): Promise<Head> {
  const [head] = await read<Head>(headsStatement);
  return head ?? { all: 0, public: 0 };
}

/** Lets calls wait until there is something after a position. One poller reads the database for all of them. */
export type Waiting = {
  /** Waits for an event after `position` in this order, at most `ms`. True if there is one; false on timeout or stop. */
  past(order: keyof Head, position: number, ms: number): Promise<boolean>;
  /** Called when there may be new positions. */
  moved(): void;
};

export type WaitingParts = {
  readHead(): Promise<Head>;
  isStopping(): boolean;
  /** The most calls that wait at once; the next one gets 503. */
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
    // An unreachable database is asked again later. Waiters get an answer anyway when their time is over.
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
