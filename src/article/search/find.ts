import { type Bind, binder, type Statement, type Value } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { activeRulesSql } from './entries.ts';
import { datesSql, type SearchFilter } from './filter.ts';
import {
  type FoundRow,
  type FoundRows,
  firstValues,
  foundIn,
  foundSql,
  named,
  type Place,
  placeSql,
  tsquery,
  type Wanted,
} from './found.ts';
import { neighboursSql } from './neighbours.ts';
import type { QueryTexts } from './query-texts.ts';
import { newestSql, oldestSql } from './reach.ts';
import type { Window } from './windows.ts';

/** The statements that look through windows of the index, newest first. */

/**
 * A window: the text of a `tsquery` that the keys of its articles meet. `till`: what was published then or later is left out.
 * `only`: of use only where entries have keys of days, or only where they have none.
 */
export type Period = { text: string; till: string | null; only?: Window['only'] };

/** Entries by rules before these have no keys of days, or some of them: they are looked for by months alone. */
const daysSince = 5;
const allTime: Period = { text: '', till: null };
const haveDays = `${activeRulesSql} >= ${daysSince}`;

/** What to look for, and in which windows. */
type Sought = {
  filter: SearchFilter;
  texts: QueryTexts;
  /** None: all time. */
  periods: readonly Period[];
  /** The text of a `tsquery` that all other keys of an article meet. */
  keys: string;
};

export type WindowQuery = Sought &
  Wanted & {
    /** The first instant of the oldest window; null for the articles without a date. */
    from: Date | null;
    /** Given where nobody knows yet when the newest article before this instant was published; it may be `infinity`. */
    before: string | null;
    after: Place | null;
    /** How many candidates are looked at. */
    candidates: number;
  };

/**
 * `examined`: how many candidates there were; `last`: the oldest of them. Instants at which anything was published: `newest`
 * before the one that was given, `older` the newest before the windows, `oldest` of all, if it is known.
 */
type Extent = {
  examined: number;
  last: Place | null;
  newest: string | null;
  older: string | null;
  oldest: string | null;
};

export type WindowRows = FoundRows & Extent;

/** How to list candidates: what to say of each, further conditions, and an order with its limit or a limit. */
type Listing = { rows: string; columns: string; more: readonly string[]; ending: string };

/**
 * The candidates of windows, from the newest window on. Words and keys are given by sub-selects, so that PostgreSQL plans for
 * any words and not by its guess of how rare they are; two conditions let it expect few rows, for which it starts no parallel
 * workers. Windows are the outer side of a nested loop, so that one is read when those before it have given too few, and one
 * plan serves any number of them. An index goes through its conditions in their order, and asks the next only about what has
 * met the one before: the window comes first, so that words that never meet are compared within it and not in all articles, and
 * keys that most articles have come last.
 */
function candidatesSql({ texts, periods, keys }: Sought, bind: Bind, { rows, columns, more, ending }: Listing): string {
  const all = periods.length === 0 ? [allTime] : periods;
  const byDays = all.filter(({ only }) => only !== 'months');
  const byMonths = all.filter(({ only }) => only !== 'days');
  const ofDays = [byDays.map(({ text }) => text), byDays.map(({ till }) => till ?? 'infinity')].map(bind);
  const windows = `CASE WHEN ${haveDays} THEN ${ofDays[0]}::text[] ELSE ${bind(byMonths.map(({ text }) => text))}::text[] END,
    CASE WHEN ${haveDays} THEN ${ofDays[1]}::timestamptz[] END`;
  const ofKeys = `e.terms @@ ${tsquery(keys, bind)}`;
  const ways = texts.ways.map((conditions) => {
    const where = [
      ...(periods.length === 0 ? [] : ['e.terms @@ w.period::tsquery']),
      ...conditions.map((text) => `e.terms @@ ${tsquery(text, bind)}`),
      ofKeys,
      `e.rules = ${activeRulesSql}`,
      ...more,
    ];
    return `SELECT ${columns} FROM ${rows} WHERE ${where.join(' AND ')} ${ending}`;
  });
  // What meets several ways is listed once.
  const [only = ''] = ways;
  const listed =
    ways.length === 1 ? only : `SELECT * FROM (${ways.map((way) => `(${way})`).join(' UNION ')}) e ${ending}`;
  return `SELECT u.* FROM unnest(${windows}) w (period, till) CROSS JOIN LATERAL (${listed}) u`;
}

/** The candidates that meet a text. `CASE`: what neighbours tell spares the vector, which costs ten times as much to look at. */
function exactSql(text: string, neighbours: QueryTexts['neighbours'], bind: Bind): string {
  const meets = `x.terms @@ ${tsquery(text, bind)}`;
  const bits = neighbours && `(SELECT ${bind(neighbours.flat().map(String))}::int[] AS bits OFFSET 0) b`;
  return `(SELECT c.id, c.at FROM c${bits === null ? '' : ` CROSS JOIN ${bits}`} CROSS JOIN LATERAL (SELECT 1 FROM @search_entries x
    WHERE x.ctid = c.tuple AND ${neighbours === null ? meets : `CASE WHEN ${neighboursSql(neighbours, 'x', 'b.bits')} THEN ${meets} ELSE false END`} OFFSET 0) y OFFSET 0)`;
}

export function windowSql(query: WindowQuery): { statement: Statement; values: Value[] } {
  const { filter, texts, from, before, after, candidates } = query;
  const { bind, values } = binder(firstValues(query));
  const key = from === null ? 'u.updated_at' : 'e.published_at';
  const limit = `LIMIT ${bind(String(candidates))}::int`;
  const more = from === null ? [] : [...datesSql(filter, bind), '(w.till IS NULL OR e.published_at < w.till)'];
  if (after !== null) more.push(`(${key}, e.article_id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`);
  const listed = candidatesSql(query, bind, {
    rows: `@search_entries e${from === null ? ' JOIN @articles u ON u.id = e.article_id' : ''}`,
    columns: `${key} AS at, e.article_id AS id, e.ctid AS tuple`,
    more,
    ending: `ORDER BY 1 DESC, 2 DESC ${limit}`,
  });
  // Of those that fail, most fail by their positions: their articles need not be looked up.
  const exact = texts.exact === null ? 'c' : exactSql(texts.exact, texts.neighbours, bind);
  const newestBefore = (instant: string | undefined) =>
    instant === undefined ? 'NULL' : `(${newestSql(filter, `${bind(instant)}::timestamptz`)})`;
  const text = foundSql(query, bind, {
    ctes: `c AS MATERIALIZED (${listed} ${limit})`,
    rows: exact,
    more: [
      '(SELECT count(*)::int FROM c) AS examined',
      `(SELECT ${placeSql('l')} FROM (SELECT c.at, c.id FROM c ORDER BY c.at, c.id LIMIT 1) l) AS last`,
      `${newestBefore(before ?? undefined)} AS newest, ${newestBefore(from?.toISOString())} AS older`,
      `${from === null ? 'NULL' : oldestSql(filter)} AS oldest`,
    ],
  });
  return { statement: named(text), values };
}

export async function findInWindows(read: Read, query: WindowQuery): Promise<WindowRows> {
  const { statement, values } = windowSql(query);
  const [row] = await read<FoundRow & Extent>(statement, values);
  if (row === undefined) throw new Error('the database did not say what is in the windows');
  const { examined, last, newest, older, oldest } = row;
  return { ...foundIn(row), examined, last, newest, older, oldest };
}

/** How many candidates windows have, counted up to a limit. */
export async function countInWindows(read: Read, sought: Sought, most: number): Promise<number> {
  const { bind, values } = binder();
  const limit = `LIMIT ${bind(String(most))}::int`;
  const listed = candidatesSql(sought, bind, {
    rows: '@search_entries e',
    columns: 'e.article_id AS id',
    more: datesSql(sought.filter, bind),
    ending: limit,
  });
  const text = `SELECT count(*)::int AS count FROM (${listed} ${limit}) c`;
  const [row] = await read<{ count: number }>(named(text), values);
  return row?.count ?? 0;
}
