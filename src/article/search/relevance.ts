import type { SearchQuery } from '../../core/search/query-parts.ts';
import { binder } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { Revision } from './aliases.ts';
import { activeRulesSql } from './entries.ts';
import { queryTexts, rankTexts } from './query-texts.ts';
import { newestBefore } from './reach.ts';
import { type Walk, walkNewest } from './walk.ts';

/** How many of the newest articles are ranked: those with the words in the title, and those with them anywhere. */
const inTitleMax = 300;
const anywhereMax = 500;

/** Where an article stands among those that are ranked: a better `level` first, then `near`, then the later one. */
export type Rank = { level: number; near: number; at: string; id: string };

const levelSql = (places: { whole: string; title: string; head: string }) => `CASE
    WHEN e.terms @@ (SELECT ${places.whole}::text::tsquery) THEN 4
    WHEN e.terms @@ (SELECT ${places.title}::text::tsquery) THEN 3
    WHEN e.terms @@ (SELECT ${places.head}::text::tsquery) THEN 2 ELSE 1 END`;

/** Before `a` in the list: negative; after: positive. */
export const byRank = (a: Rank, b: Rank): number => {
  if (a.level !== b.level) return b.level - a.level;
  if (a.near !== b.near) return b.near - a.near;
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
};

export type Ranking = { asOf: string | null; ranked: Rank[]; aliases: Revision | undefined };

/**
 * The newest that match as of an instant, best first: the words as they stand in the title over other endings of them, the
 * title over what stands above the body, that over the body; then how near the words are to each other, then the date.
 */
export async function rankNewest(
  read: Read,
  walk: Pick<Walk, 'filter' | 'labels' | 'now'>,
  words: SearchQuery<string>,
  given: string | null,
): Promise<Ranking> {
  const asOf = given ?? (await newestBefore(read, walk.filter, null));
  const until = asOf === null ? undefined : new Date(Date.parse(asOf) + 1);
  const from = { ...walk, filter: { ...walk.filter, until }, after: null };
  const inTitle = await walkNewest(read, { ...from, texts: queryTexts(words, true), limit: inTitleMax });
  const anywhere = await walkNewest(read, { ...from, texts: queryTexts(words), limit: anywhereMax });
  const places = new Map([...inTitle.found, ...anywhere.found].map((place) => [place.id, place]));
  const { aliases } = inTitle;
  if (places.size === 0) return { asOf, ranked: [], aliases };
  const { bind, values } = binder([[...places.keys()]]);
  const { whole, title, head, near } = rankTexts(words);
  const level = levelSql({ whole: bind(whole), title: bind(title), head: bind(head) });
  // An element of an array is the vector itself, which each of five conditions would fetch from where PostgreSQL keeps long values.
  const text = `SELECT e.article_id::text AS id, ${level} AS level,
      ts_rank_cd(e.terms, (SELECT ${bind(near)}::text::tsquery))::float8 AS near
    FROM (SELECT x.article_id, (ARRAY[x.terms])[1] AS terms FROM @search_entries x
      WHERE x.article_id = ANY($1::uuid[]) AND x.rules = ${activeRulesSql} OFFSET 0) e`;
  const rows = await read<Omit<Rank, 'at'>>({ name: 'search-ranks', text }, values);
  const ranked = rows.map((row) => ({ ...row, at: places.get(row.id)?.at ?? '' })).sort(byRank);
  return { asOf, ranked, aliases };
}
