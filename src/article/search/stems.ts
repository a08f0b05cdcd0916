import type { ForeignWord, StemOf } from '../../core/search/dictionaries.ts';
import type { Read } from '../../db/tx.ts';

/** The stems of words that are not in Bangla's letters. PostgreSQL makes them, and most are remembered. */
export type Stems = {
  /** Runs `work`, which is pure, until every word that it asks for has its stem. */
  with<Result>(read: Read, work: (stemOf: StemOf) => Result): Promise<Result>;
};

const rememberedMax = 50_000;

/** A word without a stem, as one of PostgreSQL's stop words, is its own; so is one whose dictionary the server lacks. */
const statement = {
  name: 'search-stems',
  text: `SELECT ARRAY(SELECT coalesce((ts_lexize((SELECT d.oid FROM pg_catalog.pg_ts_dict d
      WHERE d.dictname = w.dictionary AND pg_ts_dict_is_visible(d.oid))::regdictionary, w.word))[1], w.word)
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w (word, dictionary, place) ORDER BY w.place) AS stems`,
};

const nameOf = ({ word, dictionary }: ForeignWord) => `${dictionary} ${word}`;

export function openStems(): Stems {
  const remembered = new Map<string, string>();
  return {
    async with(read, work) {
      const learned = new Map<string, string>();
      for (;;) {
        const missing = new Map<string, ForeignWord>();
        const result = work((word) => {
          const name = nameOf(word);
          const stem = learned.get(name) ?? remembered.get(name);
          if (stem === undefined) missing.set(name, word);
          return stem ?? word.word;
        });
        if (missing.size === 0) return result;
        const words = [...missing.values()];
        const values = [words.map(({ word }) => word), words.map(({ dictionary }) => dictionary)];
        const [row] = await read<{ stems: string[] }>(statement, values);
        if (remembered.size + words.length > rememberedMax) remembered.clear();
        for (const [index, [name, { word }]] of [...missing].entries()) {
          const stem = row?.stems[index] ?? word;
          learned.set(name, stem);
          if (words.length <= rememberedMax) remembered.set(name, stem);
        }
      }
    },
  };
}
