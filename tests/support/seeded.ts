/** A pseudo-random generator (mulberry32): equal seeds give equal sequences. */
export type Chance = {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  one<Value>(first: Value, ...rest: Value[]): Value;
  several<Value>(values: readonly Value[], count: number): Value[];
};

export function seeded(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    one: (first, ...rest) => [first, ...rest].slice(below(rest.length + 1))[0] ?? first,
    several: (values, count) => {
      const rest = [...values];
      const taken: (typeof rest)[number][] = [];
      while (taken.length < count && rest.length > 0) taken.push(...rest.splice(below(rest.length), 1));
      return taken;
    },
  };
}
