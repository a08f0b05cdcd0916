import type { Revision } from '../../article/search/aliases.ts';
import { fitting, type Items, type ShownAs } from '../../article/search/items.ts';
import { queryTexts } from '../../article/search/query-texts.ts';
import type { Rank } from '../../article/search/relevance.ts';
import { byRank, rankNewest } from '../../article/search/relevance.ts';
import { type Walk, type WalkPlace, walkNewest } from '../../article/search/walk.ts';
import { invalidCursor } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import type { SearchQuery } from '../../core/search/query-parts.ts';
import type { Read } from '../../db/tx.ts';

/** The two orders of a search. Each has cursors of its own. */

/**
 * The ids of a page, and its items if they were shown as they were found; the cursor of what follows it, and that of what
 * follows one of its articles; the revision of the aliases, if the database was asked.
 */
export type FoundPage = {
  ids: string[];
  items: Items | null;
  nextCursor: string | null;
  cursorAfter(id: string): string | null;
  aliases: Revision | undefined;
};

export type Asked = {
  walk: Pick<Walk, 'filter' | 'labels' | 'now'>;
  /** Which share of all articles about meets the words. */
  share: number;
  words: SearchQuery<string>;
  limit: number;
  after: string | undefined;
};

type Order = { read: Read; cursors: Cursors };

const isDefined = (value: string | undefined): value is string => value !== undefined;

function opened(cursors: Cursors, list: string, after: string | undefined, count: number): string[] | null {
  if (after === undefined) return null;
  const keys = cursors.open(list, after).filter(isDefined);
  if (keys.length !== count) throw invalidCursor();
  return keys;
}

const newestList = 'search';

/** With `shown`, what is found is shown by the statement that finds it. */
export async function newestPage(
  { read, cursors }: Order,
  { walk, share, words, limit, after }: Asked,
  shown: ShownAs | null,
): Promise<FoundPage> {
  const [part, at = '', id = ''] = opened(cursors, newestList, after, 3) ?? [];
  const from = part === undefined ? null : { at, id, isDated: part === 'dated' };
  const seal = (place: WalkPlace) =>
    cursors.seal(newestList, [place.isDated ? 'dated' : 'undated', place.at, place.id]);
  const walked = await walkNewest(read, { ...walk, share, texts: queryTexts(words), after: from, limit, shown });
  const { found, next, changesIn, aliases } = walked;
  const all = found.flatMap(({ id, json }) => (json === null ? [] : [{ id, json }]));
  return {
    ids: found.map((place) => place.id),
    items: shown && { ...fitting(all), changesIn: all.length === 0 ? null : changesIn },
    aliases,
    nextCursor: next === null ? null : seal(next),
    cursorAfter(last) {
      const place = found.find((one) => one.id === last);
      return place === undefined ? null : seal(place);
    },
  };
}

const rankedList = 'search:relevance';

export async function relevantPage({ read, cursors }: Order, { walk, words, limit, after }: Asked): Promise<FoundPage> {
  const [given = null, level, near, at = '', id = ''] = opened(cursors, rankedList, after, 5) ?? [];
  const { asOf, ranked, aliases } = await rankNewest(read, walk, words, given === '' ? null : given);
  const before: Rank | null = level === undefined ? null : { level: Number(level), near: Number(near), at, id };
  const rest = before === null ? ranked : ranked.filter((rank) => byRank(before, rank) < 0);
  const page = rest.slice(0, limit);
  const seal = (rank: Rank) =>
    cursors.seal(rankedList, [asOf ?? '', String(rank.level), String(rank.near), rank.at, rank.id]);
  const last = page.at(-1);
  return {
    ids: page.map((rank) => rank.id),
    items: null,
    aliases,
    nextCursor: rest.length > page.length && last !== undefined ? seal(last) : null,
    cursorAfter(lastId) {
      const rank = page.find((one) => one.id === lastId);
      return rank === undefined ? null : seal(rank);
    },
  };
}
