import type { Aliases } from '../../core/search/aliases.ts';
import { possibleQuery } from '../../core/search/excluded.ts';
import { parseQuery, stemmedQuery } from '../../core/search/query.ts';
import type { RawTerm, SearchQuery } from '../../core/search/query-parts.ts';
import type { Read } from '../../db/tx.ts';
import { openAliasTable, type Revision } from './aliases.ts';
import type { Stems } from './stems.ts';

/** What a caller has typed, and the languages asked for. Asked in one language, the words are read in it. */
export type Typed = { q: string; languages: readonly string[] | undefined };

/** What was done with the words, and the revision of the aliases that the database named meanwhile, if it named one. */
export type Done<Result> = { result: Result; aliases: Revision | undefined };

/** What to look for. Null if no word is left, or only excluded ones, or if one is wanted and excluded. */
export type AskedWords = SearchQuery<string> | null;

/**
 * Reads what a caller has typed by the aliases that this process knows, and does `work` with it. If they have changed, once
 * more: to ask for their revision first would be one more question for every search. Throws `invalid-input` for too many words.
 */
export type WithWords = <Result>(typed: Typed, work: (words: AskedWords) => Promise<Done<Result>>) => Promise<Result>;

type Attempt<Result> = Done<Result> | { fault: unknown; aliases: undefined };

export function openWords(read: Read, stems: Stems): WithWords {
  const table = openAliasTable(read);

  const attempt = async <Result>(
    { q, languages }: Typed,
    aliases: Aliases,
    work: (words: AskedWords) => Promise<Done<Result>>,
  ): Promise<Attempt<Result>> => {
    let parsed: SearchQuery<RawTerm> | null;
    try {
      parsed = parseQuery(q, aliases, languages?.length === 1 ? languages[0] : undefined);
    } catch (fault) {
      // What is too much with one set of aliases may not be with another.
      return { fault, aliases: undefined };
    }
    const asked = parsed && (await stems.with(read, (stemOf) => stemmedQuery(parsed, stemOf)));
    return work(asked && possibleQuery(asked));
  };

  return async (typed, work) => {
    let known = table.known() ?? (await table.now());
    for (;;) {
      const done = await attempt(typed, known.aliases, work);
      const now = done.aliases === known.revision ? known : await table.now();
      if (now.revision !== known.revision) known = now;
      else if ('fault' in done) throw done.fault;
      else return done.result;
    }
  };
}
