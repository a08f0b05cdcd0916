import type { Read } from '../../db/tx.ts';
import type { SearchFilter } from './filter.ts';
import { type AskedLabels, findLabels } from './labels.ts';
import { queryTexts } from './query-texts.ts';
import { walkNewest } from './walk.ts';
import type { WithWords } from './words.ts';

/**
 * In another order than a search's own, a list is of the newest that have the words, up to this number. The labels that it is
 * filtered by are asked of the index with the words, so that they narrow what is counted.
 */
export const matchingMax = 10_000;

/** The ids of the newest articles that have these words, for a list with an order of its own, or for counting. */
export async function matchingIds(
  { read, words }: { read: Read; words: WithWords },
  q: string,
  filter: SearchFilter,
  labelled: AskedLabels = {},
): Promise<string[]> {
  return words({ q, languages: filter.languages }, async (asked) => {
    const { tags, sources } = await findLabels(read, labelled);
    if (asked === null || tags?.keys.length === 0 || sources?.keys.length === 0)
      return { result: [], aliases: undefined };
    const labels = { tags: tags?.keys ?? null, sources: sources?.keys ?? null };
    const from = { filter, labels, texts: queryTexts(asked), after: null, now: new Date() };
    const { found, aliases } = await walkNewest(read, { ...from, limit: matchingMax, candidatesMax: 2 * matchingMax });
    return { result: found.map(({ id }) => id), aliases };
  });
}
