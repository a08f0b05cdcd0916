import { type Outage, unavailable } from './errors.ts';
import { type Patience, shortMs, spend } from './patience.ts';

/** Waiters in the order of arrival. `call` wakes one when its turn has come. */
type Line<Kind> = { readonly kind: Kind; call(): void }[];

/** Waits in a line until called. Throws `busy`, or what is given, if the patience runs out first. */
async function standIn<Kind>(
  line: Line<Kind>,
  kind: Kind,
  patience: Patience,
  tooLate: Outage = 'busy',
): Promise<void> {
  const began = performance.now();
  const called = await new Promise<boolean>((resolve) => {
    const call = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const waiter = { kind, call };
    const timer = setTimeout(
      () => {
        line.splice(line.indexOf(waiter), 1);
        resolve(false);
      },
      Math.max(shortMs, patience.leftMs),
    );
    line.push(waiter);
  });
  spend(patience, performance.now() - began);
  if (!called) throw unavailable(undefined, tooLate);
}

/** The keys that one piece of work holds alone until it releases them. */
export type Held = {
  readonly keys: ReadonlySet<string>;
  /** Takes these keys too, without waiting. If others hold some of them, takes none and gives those. */
  tryAdd(keys: readonly string[]): string[];
  /** Those of the keys that others hold. */
  taken(keys: readonly string[]): string[];
  release(): void;
};

export type Turns = {
  /** Takes the keys in sorted order, so that there are no deadlocks. Throws `busy`, and then holds none of them. */
  take(keys: Iterable<string>, patience: Patience): Promise<Held>;
  waiting(): number;
};

/** Each key has one holder at a time; others queue. At most `waitingMax` wait for a key; the next one gets `busy` at once. */
export function openTurns(waitingMax: number): Turns {
  const lines = new Map<string, Line<null>>();
  let waiting = 0;
  const pass = (key: string) => {
    const next = lines.get(key)?.shift();
    if (next === undefined) lines.delete(key);
    else next.call();
  };
  const stand = async (line: Line<null>, patience: Patience) => {
    if (line.length >= waitingMax) throw unavailable(undefined, 'busy');
    waiting += 1;
    await standIn(line, null, patience).finally(() => {
      waiting -= 1;
    });
  };
  return {
    waiting: () => waiting,
    async take(keys, patience) {
      const mine = new Set<string>();
      const taken = (others: readonly string[]) => others.filter((key) => !mine.has(key) && lines.has(key));
      const claim = (key: string) => {
        if (!mine.has(key)) lines.set(key, []);
        mine.add(key);
      };
      const release = () => {
        for (const key of mine) pass(key);
        mine.clear();
      };
      try {
        for (const key of [...new Set(keys)].sort()) {
          const line = lines.get(key);
          if (line === undefined) claim(key);
          else {
            await stand(line, patience);
            mine.add(key);
          }
        }
      } catch (thrown) {
        release();
        throw thrown;
      }
      const tryAdd = (more: readonly string[]) => {
        const others = taken(more);
        if (others.length === 0) more.forEach(claim);
        return others;
      };
      return { keys: mine, tryAdd, taken, release };
    },
  };
}

/** Long work may use only half of the slots, so that it does not make all short work wait. */
export type Size = 'short' | 'long';

export type Slots = {
  /** Waits for a slot. Call the returned function to give it back. Throws `full`. */
  take(size: Size): Promise<() => void>;
  state(): { running: number; waiting: number; max: number };
};

/**
 * A semaphore with `max` slots. Waiters queue in order. They may wait longer than for a key with a single holder, because
 * this queue moves all the time.
 */
export function openSlots({
  max,
  waitingMax,
  waitMs,
  full = 'busy',
}: {
  max: number;
  waitingMax: number;
  waitMs: number;
  /** What is said to those who do not get one. */
  full?: Outage;
}): Slots {
  const longMax = Math.max(1, Math.floor(max / 2));
  const line: Line<Size> = [];
  const running = { short: 0, long: 0 };
  const isFree = (size: Size) => running.short + running.long < max && (size === 'short' || running.long < longMax);
  const callNext = () => {
    const at = line.findIndex(({ kind }) => isFree(kind));
    const [next] = at < 0 ? [] : line.splice(at, 1);
    if (next === undefined) return;
    running[next.kind] += 1;
    next.call();
  };
  return {
    state: () => ({ running: running.short + running.long, waiting: line.length, max }),
    async take(size) {
      if (isFree(size)) running[size] += 1;
      else if (line.length >= waitingMax) throw unavailable(undefined, full);
      else await standIn(line, size, { leftMs: waitMs }, full);
      return () => {
        running[size] -= 1;
        callNext();
      };
    },
  };
}
