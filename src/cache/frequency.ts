/** How often names were asked for lately. Two names may share a count, which then is too high and never too low. */
export type Frequency = {
  /** The number that stands for a name. */
  markOf(name: string): number;
  /** Counts one call. */
  note(mark: number): void;
  of(mark: number): number;
  /** What all counts take. */
  readonly bytes: number;
};

const { imul } = Math;

/** Each row counts every name, in one of its places; the least of its four counts is the best. Odd numbers, of many bits. */
const seeds = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as const;
const countMax = 15;

/**
 * A count-min sketch, as in TinyLFU (Einziger, Friedman and Manes, 2017). `places` is a power of two. After half as many calls what
 * was counted weighs half, so that what was asked for yesterday makes room.
 */
export function openFrequency(places: number): Frequency {
  const rows = seeds.map((seed) => ({ seed, counts: new Uint8Array(places) }));
  const bits = Math.clz32(places - 1);
  let calls = 0;

  const placeOf = (mark: number, seed: number) => imul(mark, seed) >>> bits;
  const countOf = (mark: number): number => {
    let least = countMax;
    for (const { seed, counts } of rows) {
      const count = counts[placeOf(mark, seed)] ?? 0;
      if (count < least) least = count;
    }
    return least;
  };
  const halve = () => {
    calls = 0;
    for (const { counts } of rows) for (let at = 0; at < places; at += 1) counts[at] = (counts[at] ?? 0) >> 1;
  };
  return {
    /** FNV-1a. */
    markOf(name) {
      let mark = 0x811c9dc5;
      for (let at = 0; at < name.length; at += 1) mark = imul(mark ^ name.charCodeAt(at), 0x01000193);
      return mark;
    },
    note(mark) {
      calls += 1;
      if (calls >= places / 2) halve();
      const least = countOf(mark);
      if (least === countMax) return;
      // Only the least are raised: the others are too high already, because of other names.
      for (const { seed, counts } of rows) {
        const place = placeOf(mark, seed);
        if (counts[place] === least) counts[place] = least + 1;
      }
    },
    of: countOf,
    bytes: rows.length * places,
  };
}
