import { LRUCache } from 'lru-cache';

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

export type StoreState = { readonly entries: number; readonly bytes: number; readonly evicted: number };

export type Store<Value> = {
  find(name: string, now: number): Entry<Value> | undefined;
  /** The same also after `endsAt`, for want of anything newer. */
  findOld(name: string, now: number): Entry<Value> | undefined;
  /** Keeps the entry if it is not too large. */
  keep(entry: Entry<Value>): void;
  /** Counts more bytes to the entry of this name, if it is still the one with this value. */
  grow(name: string, value: Value, bytes: number): void;
  /** Drops every entry that has one of these keys. */
  drop(keys: readonly string[]): void;
  clear(): void;
  state(): StoreState;
};

/** What an entry takes in addition to its value: for itself, and for each key in the index. Measured. */
const entryBytes = 700;
const keyBytes = 350;

/** Names that were asked for once get a fifth, so that a stream of names that nobody asks for again displaces no others. */
const onceShare = 5;
/** No entry takes a larger part of the whole. */
const entryShare = 32;

/** Entries up to `bytesMax` in all, the least recently used of which make room for others. */
export function openStore<Value>(bytesMax: number): Store<Value> {
  const byKey = new Map<string, Set<Entry<Value>>>();
  let evicted = 0;

  const index = (entry: Entry<Value>) => {
    for (const key of entry.keys) {
      const having = byKey.get(key);
      if (having) having.add(entry);
      else byKey.set(key, new Set([entry]));
    }
  };
  const unindex = (entry: Entry<Value>) => {
    for (const key of entry.keys) {
      const having = byKey.get(key);
      having?.delete(entry);
      if (having?.size === 0) byKey.delete(key);
    }
  };
  const room = (maxSize: number) =>
    new LRUCache<string, Entry<Value>>({
      maxSize,
      maxEntrySize: Math.min(maxSize, Math.floor(bytesMax / entryShare)),
      sizeCalculation: ({ name, bytes, keys }) => bytes + 2 * name.length + entryBytes + keys.length * keyBytes,
      dispose(entry, _name, reason) {
        unindex(entry);
        if (reason === 'evict') evicted += 1;
      },
    });
  const onceBytes = Math.floor(bytesMax / onceShare);
  const once = room(onceBytes);
  const again = room(bytesMax - onceBytes);
  const rooms = [once, again];

  const put = (into: typeof once, entry: Entry<Value>) => {
    into.set(entry.name, entry);
    // One that is too large is not taken.
    if (into.has(entry.name)) index(entry);
  };
  const remove = ({ name }: Entry<Value>) => {
    for (const one of rooms) one.delete(name);
  };

  const keep = (entry: Entry<Value>) => {
    const known = again.has(entry.name);
    remove(entry);
    put(known ? again : once, entry);
  };

  return {
    find(name, now) {
      const known = again.get(name);
      if (known !== undefined) return now < known.endsAt ? known : undefined;
      const entry = once.get(name);
      if (entry === undefined || now >= entry.endsAt) return undefined;
      once.delete(name);
      put(again, entry);
      return entry;
    },
    findOld(name, now) {
      const entry = again.get(name) ?? once.get(name);
      return entry !== undefined && now < entry.overAt ? entry : undefined;
    },
    keep,
    grow(name, value, bytes) {
      const entry = again.peek(name) ?? once.peek(name);
      if (entry?.value === value) keep({ ...entry, bytes: entry.bytes + bytes });
    },
    drop(keys) {
      for (const key of keys) for (const entry of [...(byKey.get(key) ?? [])]) remove(entry);
    },
    clear() {
      for (const one of rooms) one.clear();
    },
    state: () => ({
      entries: once.size + again.size,
      bytes: once.calculatedSize + again.calculatedSize,
      evicted,
    }),
  };
}
