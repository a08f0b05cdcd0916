import type { Read } from '../../db/tx.ts';
import type { SearchFilter } from './find.ts';
import { queryTexts } from './lexemes.ts';
import { walkNewest } from './walk.ts';
import type { ReadWords } from './words.ts';

/** In another order than a search's own, a list is of the newest that have the words, up to this number. */
export const matchingMax = 10_000;

/** The ids of the newest articles that have these words, for a list with an order of its own, or for counting. */
export async function matchingIds(
  { read, words }: { read: Read; words: ReadWords },
  q: string,
  filter: SearchFilter,
): Promise<string[]> {
  const asked = await words(q, filter.languages);
  if (asked === null) return [];
  const labels = { tags: null, sources: null };
  const from = { filter, labels, texts: queryTexts(asked), after: null };
  const { found } = await walkNewest(read, { ...from, limit: matchingMax, candidatesMax: 2 * matchingMax });
  return found.map(({ id }) => id);
}
