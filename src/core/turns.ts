import { unavailable } from './errors.ts';
import { type Patience, shortMs, spend } from './patience.ts';

/** Who waits, in the order of coming. Called when the turn has come. */
type Line<Kind> = { readonly kind: Kind; call(): void }[];

/** Waits in a line until called. Throws `busy` where the patience ends before. */
async function standIn<Kind>(line: Line<Kind>, kind: Kind, patience: Patience): Promise<void> {
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
  if (!called) throw unavailable(undefined, 'busy');
}

/** The things that one piece of work has for itself until it lets them go. */
export type Held = {
  readonly keys: ReadonlySet<string>;
  /** Takes these too, without waiting; where others have some of them, none, and gives those. */
  tryAdd(keys: readonly string[]): string[];
  /** Those of them that others have. */
  taken(keys: readonly string[]): string[];
  release(): void;
};

export type Turns = {
  /** Takes things in one order for all, so that nobody who waits is waited for. Throws `busy`, and has nothing then. */
  take(keys: Iterable<string>, patience: Patience): Promise<Held>;
  waiting(): number;
};

/** Each thing belongs to one at a time, and who wants it waits in turn; so many at most, the next one is told at once. */
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

/** Long work may have part of the places alone, so that short work never waits for all of it. */
export type Size = 'short' | 'long';

export type Places = {
  /** Gives back a place by calling what it gives. Throws `busy`. */
  take(size: Size): Promise<() => void>;
  state(): { running: number; waiting: number; max: number };
};

/** So many at once. A crowd waits in order, and longer than for a thing that one has: it moves on all the time. */
export function openPlaces({ max, waitingMax, waitMs }: { max: number; waitingMax: number; waitMs: number }): Places {
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
      else if (line.length >= waitingMax) throw unavailable(undefined, 'busy');
      else await standIn(line, size, { leftMs: waitMs });
      return () => {
        running[size] -= 1;
        callNext();
      };
    },
  };
}
