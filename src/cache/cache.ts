import { cacheKeys, keptSecondsMax, staleSecondsMax } from '../core/cache-keys.ts';
import { openSlots } from '../core/turns.ts';
import { openForgetting } from './forgetting.ts';
import { openStore, type StoreState } from './store.ts';

/** What was made for a caller. `kept`: absent if nobody who asks later may get it. */
export type Made<Value> = {
  readonly value: Value;
  /** Until time alone changes it, counted from before it was read. */
  readonly lastsMs: number;
  /** Until something in it ends, if that may be later. */
  readonly endsInMs?: number | undefined;
  readonly kept?: { readonly keys: readonly string[]; readonly bytes: number } | undefined;
};

/**
 * A value, when it was read, and when time alone may change it. `isSure`: nothing that it shows was changed while it was
 * read, as far as is known here.
 */
export type Shown<Value> = {
  readonly value: Value;
  readonly readAt: number;
  readonly endsAt: number;
  readonly isSure: boolean;
  /** Whether it was found among those that are asked for often. */
  readonly isOften: boolean;
};

export type CacheState = StoreState & {
  readonly hits: number;
  readonly misses: number;
  /** Calls that shared what was being made for another. */
  readonly joined: number;
  /** Calls that got an answer that may have been stale, because the database was away. */
  readonly stale: number;
  /** The ages of what hits and stale calls got, in all. */
  readonly agesMs: number;
  readonly making: number;
  readonly waiting: number;
};

/**
 * Keeps what was read from the database, and never shows it once it is known to be stale: whatever was read before an
 * invalidation that names one of its keys is dropped, also if it arrives only afterwards.
 */
export type Cache<Value> = {
  /** What is kept under this name; undefined while it is not known what others have changed. */
  find(name: string): Shown<Value> | undefined;
  /** What is kept under this name even if it may be stale, but nothing that has ended. For when the database is away. */
  findOld(name: string): Shown<Value> | undefined;
  /** Counts one call that was answered so. */
  shownOld(shown: Shown<Value>): void;
  /** Makes the value, once for all who ask at the same time, and keeps it. Throws `crowded` if too many wait. */
  make(name: string, work: () => Promise<Made<Value>>): Promise<Shown<Value>>;
  /** Counts more bytes, or less, to what is kept under this name, if it is still this value. */
  grow(name: string, value: Value, bytes: number): void;
  /** Drops what has one of these keys. Whoever asks afterwards gets nothing that was read before. */
  forget(keys: readonly string[]): void;
  forgetAll(): void;
  state(): CacheState;
};

export type CacheParts = {
  bytesMax: number;
  /** How many are made at once; the others wait. */
  makingMax: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Whether all that others had changed until a moment ago has been forgotten here. */
  isCurrent(): boolean;
};

/** However long nothing changes, what is kept is read again after this time. */
const lastsMsMax = keptSecondsMax * 1_000;

/** Nothing older is shown, even in an outage: of what it shows, ends are known for no longer ahead. */
const oldMsMax = (keptSecondsMax + staleSecondsMax) * 1_000;

/** Other clocks run at a slightly different speed. */
const clockShare = 0.999;

/** What began longer ago may have read too old a state for one who asks now. */
const joinMsMax = 1_000;

const forgottenMax = 10_000;
const waitingMax = 1_000;
const waitMs = 2_000;

/** One value that is being made. `since`: when and after which invalidation; null until its turn has come. */
type Making<Value> = { since: { at: number; number: number } | null; readonly shown: Promise<Shown<Value>> };

export function openCache<Value>({ bytesMax, makingMax, now, isCurrent }: CacheParts): Cache<Value> {
  const store = openStore<Value>(bytesMax);
  const forgetting = openForgetting(forgottenMax);
  const slots = openSlots({ max: makingMax, waitingMax, waitMs, full: 'crowded' });
  const makings = new Map<string, Making<Value>>();
  const counts = { hits: 0, misses: 0, joined: 0, stale: 0, agesMs: 0 };

  const mayJoin = ({ since }: Making<Value>) =>
    since === null || (since.number === forgetting.last && now() - since.at <= joinMsMax);

  const begin = (name: string, work: () => Promise<Made<Value>>): Making<Value> => {
    const run = async () => {
      const giveBack = await slots.take('short');
      try {
        const since = { at: now(), number: forgetting.last };
        making.since = since;
        const { value, lastsMs, endsInMs = lastsMs, kept } = await work();
        const endsAt = since.at + Math.min(lastsMsMax, lastsMs) * clockShare;
        const overAt = since.at + Math.min(oldMsMax, endsInMs) * clockShare;
        const shown = { value, readAt: since.at, endsAt };
        if (!kept || !isCurrent() || forgetting.namedSince(since.number, kept.keys))
          return { ...shown, isSure: false, isOften: false };
        const keys = kept.keys.filter((key) => key !== cacheKeys.all);
        const entry = { ...shown, isSure: true, name, keys, overAt, bytes: kept.bytes };
        if (endsAt > now()) store.keep(entry);
        return { ...shown, isSure: true, isOften: false };
      } finally {
        giveBack();
        if (makings.get(name) === making) makings.delete(name);
      }
    };
    // Not before `making` is there.
    const making: Making<Value> = { since: null, shown: Promise.resolve().then(run) };
    return making;
  };

  const forgetAll = () => {
    forgetting.noteAll();
    store.clear();
  };

  return {
    find(name) {
      if (!isCurrent()) return undefined;
      const at = now();
      const entry = store.find(name, at);
      if (entry !== undefined) {
        counts.hits += 1;
        counts.agesMs += at - entry.readAt;
      }
      return entry;
    },
    findOld: (name) => store.findOld(name, now()),
    shownOld({ readAt }) {
      counts.stale += 1;
      counts.agesMs += now() - readAt;
    },
    make(name, work) {
      const running = makings.get(name);
      if (running !== undefined && mayJoin(running)) {
        counts.joined += 1;
        return running.shown;
      }
      counts.misses += 1;
      const making = begin(name, work);
      makings.set(name, making);
      return making.shown;
    },
    grow: store.grow,
    forget(keys) {
      if (keys.includes(cacheKeys.all)) return forgetAll();
      forgetting.note(keys);
      store.drop(keys);
    },
    forgetAll,
    state() {
      const { running, waiting } = slots.state();
      return { ...store.state(), ...counts, making: running, waiting };
    },
  };
}
