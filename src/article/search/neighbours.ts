import type { Alternative, Clause } from '../../core/search/query-parts.ts';
import { type FieldTerms, positionMax, titleMark } from './lexemes.ts';

/**
 * Which words stand beside each other in an article, as a Bloom filter. An index knows no positions, and to read those of a
 * candidate takes some 10 microseconds, as its vector is stored apart from its row. Most candidates of a phrase do not have it,
 * and most of those are told by these bits, which stand in the row. They never say that what is there is not.
 */

/** For the some 600 pairs of a story: a sixteenth of those that are not there pass. */
export const neighbourBits = 4_096;
const indexMask = neighbourBits - 1;

const between = '\u0000';

/** The two bits of a pair of terms, or of a term of a title. */
function bitsOf(text: string): [number, number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return [hash & indexMask, (hash >>> 12) & indexMask];
}

/** The terms of each place, as far as PostgreSQL tells places apart: a phrase reaches from one into the next. */
function termsByPlace(terms: FieldTerms['terms'], before: number): Map<number, string[]> {
  const places = new Map<number, string[]>();
  for (const { term, position } of terms) {
    const place = Math.min(before + position, positionMax);
    const there = places.get(place);
    if (there === undefined) places.set(place, [term]);
    else there.push(term);
  }
  return places;
}

/** The bits of an article as PostgreSQL reads them: those of its neighbours, and of each term of its title. */
export function neighboursText(fields: readonly (FieldTerms & { before: number })[]): string {
  const bytes = Buffer.alloc(neighbourBits / 8);
  const set = (text: string) => {
    for (const bit of bitsOf(text)) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  };
  for (const { terms, isTitle, before } of fields) {
    const places = termsByPlace(terms, before);
    for (const [place, left] of places) {
      const right = places.get(place + 1) ?? [];
      for (const one of left) for (const other of right) set(one + between + other);
    }
    if (isTitle) for (const { term } of terms) set(titleMark + term);
  }
  return `x${bytes.toString('hex')}`;
}

/** More ways than these, or more bits of one, are not looked at. */
const waysMax = 8;
const bitsMax = 4;

const spread = (ways: readonly string[][], terms: readonly string[]): string[][] =>
  ways.flatMap((way) => terms.map((term) => [...way, term]));

/** The bits of each way to meet an alternative; null if bits cannot tell. */
function waysOfAlternative({ slots, titleOnly }: Alternative<string>): number[][] | null {
  const [first, ...rest] = slots;
  if (first === undefined) return null;
  if (rest.length === 0) return titleOnly ? first.terms.map((term) => bitsOf(titleMark + term)) : null;
  // Two pairs tell enough.
  const looked = rest.slice(0, bitsMax / 2);
  let words = first.terms.map((term) => [term]);
  for (const { terms } of looked) {
    words = spread(words, terms);
    if (words.length > waysMax) return null;
  }
  return words.map((terms) => terms.slice(1).flatMap((term, index) => bitsOf(terms[index] + between + term)));
}

function waysOfClause({ alternatives, negative }: Clause<string>): number[][] | null {
  if (negative) return null;
  const ways = alternatives.map(waysOfAlternative);
  const all = ways.flatMap((way) => way ?? []);
  return ways.includes(null) || all.length === 0 || all.length > waysMax ? null : all;
}

/** The least power of two that is no less. */
const roundUp = (count: number): number => 2 ** Math.ceil(Math.log2(count));

const filled = <Item>(items: readonly Item[], count: number): Item[] =>
  Array.from({ length: count })
    .flatMap(() => items)
    .slice(0, count);

/**
 * The bits that an article has all of in one of these ways if it meets the clauses. Those of the clause that tells most; filled
 * up, so that few statements serve all phrases. Null if bits tell nothing.
 */
export function askedBits(clauses: readonly Clause<string>[]): number[][] | null {
  const told = clauses.flatMap((clause) => {
    const ways = waysOfClause(clause);
    return ways === null ? [] : [{ ways, bits: Math.min(...ways.map((way) => way.length)) }];
  });
  const [best] = told.sort((a, b) => b.bits - a.bits || a.ways.length - b.ways.length);
  if (best === undefined) return null;
  const bits = Math.max(...best.ways.map((way) => way.length));
  return filled(best.ways, roundUp(best.ways.length)).map((way) => filled(way, roundUp(bits)));
}

/** The condition that a row with `neighbours` has these bits, which `bits` names as an array. */
export function neighboursSql(ways: readonly (readonly number[])[], row: string, bits: string): string {
  let last = 0;
  const wayText = (way: readonly number[]) =>
    way
      .map(() => {
        last += 1;
        return `get_bit(${row}.neighbours, ${bits}[${last}]) = 1`;
      })
      .join(' AND ');
  return `${row}.neighbours IS NULL OR ${ways.map((way) => `(${wayText(way)})`).join(' OR ')}`;
}
