import { LRUCache } from 'lru-cache';
import { type CommonAnswer, plainBody } from './common-answer.ts';

/** The plain bytes of answers that are kept encoded. */
export type PlainBodies = {
  of(answer: CommonAnswer): Buffer | null;
  /** The memory that the remembered ones take. */
  bytes(): number;
};

/** Their fraction of the cache's bytes: pages that are asked for all the time fit, and decoding the others is cheap. */
const share = 16;
export const plainBytesOf = (cacheBytes: number): number => Math.floor(cacheBytes / share);

/** What one takes in addition to its bytes. Measured. */
const overheadBytes = 500;

/** Remembers up to `bytesMax` of them, by their tags: a tag is of these bytes alone. */
export function openPlainBodies(bytesMax: number): PlainBodies {
  const known = new LRUCache<string, Buffer>({
    // The library takes no size of 0. With one byte, it remembers nothing.
    maxSize: Math.max(1, bytesMax),
    sizeCalculation: ({ length }) => length + overheadBytes,
  });
  return {
    of(answer) {
      const { body, tag } = answer.plain;
      const before = body ?? known.get(tag);
      if (before !== undefined) return before;
      const made = plainBody(answer);
      if (made !== null && tag !== '') known.set(tag, made);
      return made;
    },
    bytes: () => known.calculatedSize,
  };
}
