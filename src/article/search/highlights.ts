import { highlightedMax, highlightPassage, highlightTitle } from '../../core/search/highlight.ts';
import type { SearchQuery } from '../../core/search/query-parts.ts';
import type { Read } from '../../db/tx.ts';
import { plainText } from './plain-text.ts';
import type { Stems } from './stems.ts';

/** Where the words of a search are in an article, as HTML with `<mark>`; null where they are not. */
export type Highlight = { title: string | null; passage: string | null };

type Row = { id: string; title: string; excerpt: string | null; html: string; language: string };

/** Enough of a body's HTML for as much text as is looked through. */
const htmlMax = 4 * highlightedMax;

const statement = {
  name: 'search-texts',
  text: `SELECT a.id::text, a.title, a.excerpt, left(a.body_html, ${htmlMax}) AS html, a.language
    FROM @articles a WHERE a.id = ANY((SELECT $1::uuid[])::uuid[])`,
};

/** What was cut in the middle of a tag or an entity ends before it. */
const whole = (html: string) => (html.length < htmlMax ? html : html.replace(/(<[^>]*|&[a-z#0-9]*)$/i, ''));

const termsOf = ({ clauses }: SearchQuery<string>) =>
  clauses
    .flatMap(({ alternatives }) => alternatives)
    .flatMap(({ slots }) => slots)
    .flatMap(({ terms }) => terms);

/** The highlights of articles, by id. Only words that begin as one of the query's are stemmed: a stem begins as its word. */
export async function highlightsOf(
  read: Read,
  ids: readonly string[],
  { words, stems }: { words: SearchQuery<string>; stems: Stems },
): Promise<Map<string, Highlight>> {
  const heads = new Set(termsOf(words).map((term) => term.slice(0, 2)));
  const rows = await read<Row>(statement, [ids]);
  const texts = rows.map((row) => ({ ...row, text: plainText(whole(row.html)).trim() }));
  return stems.with(read, (stemOf) => {
    const stem: typeof stemOf = (word) => (heads.has(word.word.slice(0, 2)) ? stemOf(word) : word.word);
    const passage = (text: string, language: string) => highlightPassage(text, words, stem, language);
    return new Map(
      texts.map(({ id, title, excerpt, text, language }) => [
        id,
        {
          title: highlightTitle(title, words, stem, language),
          passage: passage(text, language) ?? (excerpt === null ? null : passage(excerpt, language)),
        },
      ]),
    );
  });
}
