import { possibleQuery } from '../../core/search/excluded.ts';
import { parseQuery, stemmedQuery } from '../../core/search/query.ts';
import type { SearchQuery } from '../../core/search/query-parts.ts';
import type { Read } from '../../db/tx.ts';
import { openAliasTable } from './aliases.ts';
import type { Stems } from './stems.ts';

/**
 * Reads what a caller has typed. Asked in one language, the words are read in it. Null if no word is left, or only excluded
 * ones, or if one is wanted and excluded. Throws `invalid-input` for too many.
 */
export type ReadWords = (q: string, languages: readonly string[] | undefined) => Promise<SearchQuery<string> | null>;

export function openWords(read: Read, stems: Stems): ReadWords {
  const aliasesNow = openAliasTable(read);
  return async (q, languages) => {
    const parsed = parseQuery(q, await aliasesNow(), languages?.length === 1 ? languages[0] : undefined);
    const asked = parsed && (await stems.with(read, (stemOf) => stemmedQuery(parsed, stemOf)));
    return asked && possibleQuery(asked);
  };
}
