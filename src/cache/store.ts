import { LRUCache } from 'lru-cache';
import { openFrequency } from './frequency.ts';

/** What is kept under a name. */
export type Entry<Value> = {
  readonly name: string;
  readonly value: Value;
  /** What it shows; see core/cache-keys.ts. */
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly readAt: number;
  /** When time alone may change it. */
  readonly endsAt: number;
  readonly isSure: boolean;
  /** When something in it ends: it is never shown after that. */
  readonly overAt: number;
};

/** An entry that is kept. `isOften`: it is among those that are asked for often. */
export type Kept<Value> = Entry<Value> & { readonly isOften: boolean };

export type StoreState = { readonly entries: number; readonly bytes: number; readonly evicted: number };

export type Store<Value> = {
  find(name: string, now: number): Kept<Value> | undefined;
  /** The same also after `endsAt`, for want of anything newer. */
  findOld(name: string, now: number): Kept<Value> | undefined;
  /** Keeps the entry if it is not too large. */
  keep(entry: Entry<Value>): void;
  /** Counts more bytes, or less, to the entry of this name, if it is still the one with this value. */
  grow(name: string, value: Value, bytes: number): void;
  /** Drops every entry that has one of these keys. */
  drop(keys: readonly string[]): void;
  clear(): void;
  state(): StoreState;
};

/** What an entry takes in addition to its value: for itself, and for each key in the index. Measured. */
const entryBytes = 400;
const keyBytes = 200;

/** New names have this fraction of the bytes, so that those which nobody asks for again displace no others. */
const newShare = 20;
/** The sketch of frequencies has a place for so many bytes of the cache: some thirty for each entry that fits. */
const bytesPerPlace = 256;
/** The largest entry may take this fraction of the bytes. */
const entryShare = 32;

/** An entry with the number by which its name is counted. */
type Counted<Value> = Kept<Value> & { readonly mark: number; isOften: boolean };

const sizeOf = ({ name, bytes, keys }: Entry<unknown>): number =>
  bytes + 2 * name.length + entryBytes + keys.length * keyBytes;

/**
 * Entries up to `bytesMax` in all. The least recently used of them make room, but only for one that was asked for more often
 * lately: most pages of a newsroom are asked for now and then, and each would displace one that is asked for all the time.
 */
export function openStore<Value>(bytesMax: number): Store<Value> {
  // Most keys are of one entry alone, and a set of its own for each takes as much as all else of an entry's index.
  const byKey = new Map<string, Entry<Value> | Set<Entry<Value>>>();
  let evicted = 0;

  const index = (entry: Entry<Value>) => {
    for (const key of entry.keys) {
      const having = byKey.get(key);
      if (having === undefined) byKey.set(key, entry);
      else if (having instanceof Set) having.add(entry);
      else if (having !== entry) byKey.set(key, new Set([having, entry]));
    }
  };
  const unindex = (entry: Entry<Value>) => {
    for (const key of entry.keys) {
      const having = byKey.get(key);
      if (having instanceof Set) having.delete(entry);
      if (having === entry || (having instanceof Set && having.size === 0)) byKey.delete(key);
    }
  };
  const having = (key: string): Entry<Value>[] => {
    const found = byKey.get(key);
    return found instanceof Set ? [...found] : found === undefined ? [] : [found];
  };
  const room = (bytes: number) => {
    // The library takes no size of 0. A room of one byte keeps nothing.
    const maxSize = Math.max(1, bytes);
    return new LRUCache<string, Counted<Value>>({
      maxSize,
      maxEntrySize: Math.max(1, Math.min(maxSize, Math.floor(bytesMax / entryShare))),
      sizeCalculation: sizeOf,
      dispose(entry, _name, reason) {
        unindex(entry);
        if (reason === 'evict') evicted += 1;
      },
    });
  };
  const frequency = openFrequency(2 ** Math.ceil(Math.log2(Math.max(1_024, bytesMax / bytesPerPlace))));
  const newBytes = Math.floor(bytesMax / newShare);
  const fresh = room(newBytes);
  const often = room(bytesMax - newBytes - frequency.bytes);
  const rooms = [fresh, often];

  /** Whether there is room among those that are asked for often, or the one that would make room is asked for less often. */
  const isOften = (entry: Counted<Value>): boolean => {
    if (often.calculatedSize + sizeOf(entry) <= often.maxSize) return true;
    const [last] = often.rvalues();
    return last !== undefined && frequency.of(entry.mark) > frequency.of(last.mark);
  };
  const put = (into: typeof fresh, entry: Counted<Value>) => {
    // One that is too large is not taken.
    if (into.set(entry.name, entry).has(entry.name)) index(entry);
    entry.isOften = into === often;
  };
  const remove = ({ name }: Entry<Value>) => {
    for (const one of rooms) one.delete(name);
  };

  const keep = (given: Entry<Value>) => {
    const { name, value, keys, bytes, readAt, endsAt, overAt, isSure } = given;
    const counted = { mark: frequency.markOf(name), isOften: false };
    const entry: Counted<Value> = { name, value, keys, bytes, readAt, endsAt, overAt, isSure, ...counted };
    const known = often.has(entry.name);
    remove(entry);
    put(known || (frequency.of(entry.mark) > 1 && isOften(entry)) ? often : fresh, entry);
  };

  /** One that is asked for again moves to those that are asked for often, if it is asked for as often as they are. */
  const findFresh = (name: string, now: number): Kept<Value> | undefined => {
    const entry = fresh.get(name);
    if (entry === undefined || now >= entry.endsAt) return undefined;
    if (isOften(entry)) {
      fresh.delete(name);
      put(often, entry);
    }
    return entry;
  };

  return {
    find(name, now) {
      const known = often.get(name);
      frequency.note(known?.mark ?? frequency.markOf(name));
      if (known !== undefined) return now < known.endsAt ? known : undefined;
      return findFresh(name, now);
    },
    findOld(name, now) {
      const entry = often.get(name) ?? fresh.get(name);
      return entry !== undefined && now < entry.overAt ? entry : undefined;
    },
    keep,
    grow(name, value, bytes) {
      const entry = often.peek(name) ?? fresh.peek(name);
      if (entry?.value === value) keep({ ...entry, bytes: entry.bytes + bytes });
    },
    drop(keys) {
      for (const key of keys) for (const entry of having(key)) remove(entry);
    },
    clear() {
      for (const one of rooms) one.clear();
    },
    state: () => ({
      entries: fresh.size + often.size,
      bytes: fresh.calculatedSize + often.calculatedSize,
      evicted,
    }),
  };
}
