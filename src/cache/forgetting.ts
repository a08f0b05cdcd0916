/** What was forgotten when: cache keys with the number of the last invalidation that named them. */
export type Forgetting = {
  /** The number of the last invalidation. */
  readonly last: number;
  /** Gives these keys the next number. */
  note(keys: readonly string[]): void;
  /** Everything that was read until now counts as forgotten. */
  noteAll(): void;
  /** Whether one of these keys was named after the invalidation with this number, or might have been. */
  namedSince(number: number, keys: readonly string[]): boolean;
};

/** Remembers the last `keysMax` keys. What was read before the oldest of them counts as forgotten. */
export function openForgetting(keysMax: number): Forgetting {
  const numbers = new Map<string, number>();
  let [last, dropped] = [0, 0];
  const dropOldest = () => {
    for (const [key, number] of numbers) {
      if (numbers.size <= keysMax) return;
      numbers.delete(key);
      dropped = number;
    }
  };
  return {
    get last() {
      return last;
    },
    note(keys) {
      last += 1;
      for (const key of keys) {
        // A key that comes again moves to the end: a Map is in the order of insertion.
        numbers.delete(key);
        numbers.set(key, last);
      }
      dropOldest();
    },
    noteAll() {
      last += 1;
      dropped = last;
      numbers.clear();
    },
    namedSince: (number, keys) => number < dropped || keys.some((key) => (numbers.get(key) ?? 0) > number),
  };
}
