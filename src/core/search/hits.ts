import { type CutWord, cutWords } from './cut.ts';
import { dictionaryOf, type StemOf } from './dictionaries.ts';
import type { Alternative, Clause } from './query-parts.ts';
import { termsOf, withJoined } from './terms.ts';

/** Characters of a text that meet a clause: a word, or one word of a phrase. `clause` is the clause's index. */
export type Hit = { start: number; end: number; clause: number };

/** The words of a text that have a term of the query, by term and position. */
type Found = ReadonlyMap<string, ReadonlyMap<number, CutWord>>;

const termsIn = (clauses: readonly Clause<string>[]): Set<string> =>
  new Set(
    clauses
      .flatMap(({ alternatives }) => alternatives)
      .flatMap(({ slots }) => slots)
      .flatMap(({ terms }) => terms),
  );

function wordsWith(wanted: ReadonlySet<string>, text: string, stemOf: StemOf, dictionary: string): Found {
  const found = new Map<string, Map<number, CutWord>>();
  const keep = (terms: readonly string[], word: CutWord) => {
    // By index: this loop sees every word of a body.
    for (let index = 0; index < terms.length; index += 1) {
      const term = terms[index] ?? '';
      if (!wanted.has(term)) continue;
      const known = found.get(term);
      if (known === undefined) found.set(term, new Map([[word.position, word]]));
      else known.set(word.position, word);
    }
  };
  for (const word of withJoined(text, cutWords(text))) {
    keep(termsOf(word, stemOf, dictionary), word);
    keep(word.parts, word);
  }
  return found;
}

const wordAt = (terms: readonly string[], position: number, found: Found): CutWord | undefined => {
  for (const term of terms) {
    const word = found.get(term)?.get(position);
    if (word !== undefined) return word;
  }
  return undefined;
};

/** The words that meet one way, each row of them in order. */
function rowsOf({ slots }: Alternative<string>, found: Found): CutWord[][] {
  const positions = new Set((slots[0]?.terms ?? []).flatMap((term) => [...(found.get(term)?.keys() ?? [])]));
  return [...positions]
    .map((position) => slots.flatMap(({ terms }, index) => wordAt(terms, position + index, found) ?? []))
    .filter((row) => row.length === slots.length);
}

/** What meets some clauses in a text, in the order of the text; of hits that begin together the longest comes first. */
export function hitsIn(
  text: string,
  clauses: readonly Clause<string>[],
  stemOf: StemOf,
  language: string | undefined,
): Hit[] {
  const found = wordsWith(termsIn(clauses), text, stemOf, dictionaryOf(language));
  if (found.size === 0) return [];
  const hits = clauses.flatMap(({ alternatives }, clause) =>
    alternatives.flatMap((way) => rowsOf(way, found).flat()).map(({ start, end }): Hit => ({ start, end, clause })),
  );
  return hits.sort((a, b) => a.start - b.start || b.end - a.end);
}
