import { hash } from 'node:crypto';
import { type Bind, binder, type Statement, type Value } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { filters } from '../read/list-filters.ts';
import type { ArticleListing } from '../read/listing.ts';
import { instantSql } from '../read/view-sql.ts';
import type { ListedState } from '../read/visible.ts';
import { activeRulesSql } from './entries.ts';
import type { QueryTexts } from './lexemes.ts';

/** The statement that looks through windows of the index, newest first. */

/** A place in the order of a search. `at` is the instant of publication, or of the last change where there is none. */
export type Place = { at: string; id: string };

/** Which articles a search is about; the words stand apart. */
export type SearchFilter = Pick<
  ArticleListing,
  'audience' | 'actorId' | 'states' | 'tags' | 'sources' | 'languages' | 'publishedFrom' | 'publishedTo'
> & {
  /** Only what was published before, and what has no such date. */
  until?: Date | undefined;
};

export type WindowQuery = {
  filter: SearchFilter;
  texts: QueryTexts;
  /** The text of a `tsquery` for each window, which the keys of its articles meet; none: all time. One for all other keys. */
  periods: readonly string[];
  keys: string;
  /** The first instant of the oldest window; null for the articles without a date. */
  from: Date | null;
  /** Given where nobody knows yet when the newest article before this instant was published. */
  before: string | null;
  after: Place | null;
  /** How many candidates are looked at, and how many articles are wanted. */
  candidates: number;
  wanted: number;
};

/**
 * `examined`: how many candidates there were; `last`: the oldest of them; `found`: those that meet all that is asked. Instants
 * at which anything was published: `newest` before the one that was given, `older` the newest before the windows, `oldest` of all,
 * if it is known.
 */
export type WindowRows = {
  examined: number;
  last: Place | null;
  found: Place[];
  newest: string | null;
  older: string | null;
  oldest: string | null;
};

const onlyPublished = (states: readonly ListedState[] | undefined) => states?.length === 1 && states[0] === 'published';

/** What entries say of dates themselves, so that hidden articles are not looked up one by one. */
function datesSql({ audience, states, publishedFrom, publishedTo, until }: SearchFilter, bind: Bind): string[] {
  const shown = audience === 'public' || onlyPublished(states);
  return [
    ...(shown ? ['e.published_at <= now()', '(e.expires_at IS NULL OR e.expires_at > now())'] : []),
    ...(publishedFrom ? [`e.published_at >= ${bind(publishedFrom.toISOString())}::timestamptz`] : []),
    ...(until ? [`e.published_at < ${bind(until.toISOString())}::timestamptz`] : []),
    ...(publishedTo ? [`e.published_at < ${bind(publishedTo.toISOString())}::timestamptz`] : []),
  ];
}

const listingOf = ({ until: _, ...filter }: SearchFilter): ArticleListing => ({
  ...filter,
  publicUrl: '',
  item: () => '',
  order: 'publishedAt',
  descending: true,
  after: null,
  limit: 1,
  prepared: false,
});

/**
 * Words and keys are given by sub-selects, so that PostgreSQL plans for any words and not by its guess of how rare they are;
 * two conditions let it expect few rows, for which it starts no parallel workers. Windows are the outer side of a nested loop,
 * so that one is read when those before it have given too few, and one plan serves any number of them. An index goes
 * through its conditions in their order, and asks the next only about what has met the one before: the window comes first, so
 * that words that never meet are compared within it and not in all articles, and keys that most articles have come last. Words
 * that have to meet are asked for together and then each alone, though that finds the same: the scan skips further ahead in
 * short conditions. Only candidates whose turn comes have their positions looked at, and their article.
 */
export function windowSql(query: WindowQuery): { statement: Statement; values: Value[] } {
  const { filter, texts, periods, keys, from, before, after, candidates, wanted } = query;
  const { bind, values } = binder();
  const tsquery = (text: string) => `(SELECT ${bind(text)}::text::tsquery)`;
  const key = from === null ? 'u.updated_at' : 'e.published_at';
  const limit = `LIMIT ${bind(String(candidates))}::int`;
  const where = [
    ...(periods.length === 0 ? [] : ['e.terms @@ w.period::tsquery']),
    `e.terms @@ ${tsquery(texts.candidates)}`,
    ...texts.each.map((text) => `e.terms @@ ${tsquery(text)}`),
    `e.terms @@ ${tsquery(keys)}`,
    `e.rules = ${activeRulesSql}`,
    ...(from === null ? [] : datesSql(filter, bind)),
  ];
  if (after !== null) where.push(`(${key}, e.article_id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`);
  const rows = `@search_entries e${from === null ? ' JOIN @articles u ON u.id = e.article_id' : ''}`;
  const actor = filter.audience === 'author' && filter.actorId !== null ? bind(filter.actorId) : 'NULL';
  const seen = filters(listingOf(filter), actor, bind, null).join(' AND ');
  // Of those that fail, most fail by their positions: their articles need not be looked up.
  const exact =
    texts.exact === null
      ? 'c'
      : `(SELECT c.id, c.at FROM c CROSS JOIN LATERAL (SELECT 1 FROM @search_entries x WHERE x.ctid = c.tuple
        AND x.terms @@ ${tsquery(texts.exact)} OFFSET 0) y OFFSET 0)`;
  const place = (alias: string) => `json_build_object('at', ${instantSql(`${alias}.at`)}, 'id', ${alias}.id)`;
  const newestBefore = (instant: string | undefined) =>
    instant === undefined ? 'NULL' : `(${newestSql(filter, `${bind(instant)}::timestamptz`)})`;
  const text = `WITH c AS MATERIALIZED (
    SELECT u.id, u.at, u.tuple FROM unnest(${bind(periods.length === 0 ? [''] : periods)}::text[]) w (period) CROSS JOIN LATERAL (
      SELECT e.article_id AS id, ${key} AS at, e.ctid AS tuple FROM ${rows}
      WHERE ${where.join(' AND ')} ORDER BY ${key} DESC, e.article_id DESC ${limit}) u ${limit}
  ), f AS (
    SELECT w.id, w.at FROM ${exact} w CROSS JOIN LATERAL (SELECT 1 FROM @articles a WHERE a.id = w.id AND ${seen} OFFSET 0) v
    LIMIT ${bind(String(wanted))}::int
  )
  SELECT (SELECT count(*)::int FROM c) AS examined,
    (SELECT ${place('c')} FROM c ORDER BY c.at, c.id LIMIT 1) AS last,
    (SELECT coalesce(json_agg(${place('f')} ORDER BY f.at DESC, f.id DESC), '[]') FROM f) AS found,
    ${newestBefore(before ?? undefined)} AS newest, ${newestBefore(from?.toISOString())} AS older,
    ${from === null ? 'NULL' : oldestSql(filter)} AS oldest`;
  return { statement: { name: hash('sha1', text), text }, values };
}

export async function findInWindows(read: Read, query: WindowQuery): Promise<WindowRows> {
  const { statement, values } = windowSql(query);
  const [row] = await read<WindowRows>(statement, values);
  return row ?? { examined: 0, last: null, found: [], newest: null, older: null, oldest: null };
}

const staffKey = `coalesce(a.published_at, 'infinity'::timestamptz)`;
const publicRows = `@articles a WHERE a.status = 'published' AND a.deleted_at IS NULL AND a.published_at <= now()`;
const staffRows = `@articles a WHERE a.deleted_at IS NULL AND ${staffKey} < 'infinity'::timestamptz`;

/** The newest instant of publication before another that a search may have to reach. Each index that may hold it is asked. */
function newestSql({ audience, states }: SearchFilter, before: string | null): string {
  const bound = (column: string) => (before === null ? '' : ` AND ${column} < ${before}`);
  const live =
    audience === 'public'
      ? `SELECT a.published_at AS at FROM ${publicRows}${bound('a.published_at')} ORDER BY a.published_at DESC LIMIT 1`
      : `SELECT a.published_at AS at FROM ${staffRows}${bound(staffKey)} ORDER BY ${staffKey} DESC LIMIT 1`;
  const trashed = `SELECT max(a.published_at) AS at FROM @articles a WHERE a.deleted_at IS NOT NULL${bound('a.published_at')}`;
  const all = states?.includes('trash') ? `(${live}) UNION ALL (${trashed})` : `(${live})`;
  return `SELECT ${instantSql('max(q.at)')} AS at FROM (${all}) q`;
}

/** The oldest instant of publication that a search may have to reach; of the trash it is not known. */
function oldestSql({ audience, states }: SearchFilter): string {
  if (states?.includes('trash')) return 'NULL';
  const [rows, key] = audience === 'public' ? [publicRows, 'a.published_at'] : [staffRows, staffKey];
  return `(SELECT ${instantSql('o.at')} FROM (SELECT a.published_at AS at FROM ${rows} ORDER BY ${key} LIMIT 1) o)`;
}

/** The newest instant as an answer of its own. */
export async function newestBefore(read: Read, filter: SearchFilter, before: string | null): Promise<string | null> {
  const text = newestSql(filter, before === null ? null : '$1::timestamptz');
  const [row] = await read<{ at: string | null }>({ name: hash('sha1', text), text }, before === null ? [] : [before]);
  return row?.at ?? null;
}
