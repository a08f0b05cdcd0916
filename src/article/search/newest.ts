import { type Bind, binder, type Statement, type Value } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { publicPredicate } from '../read/visible.ts';
import { activeRulesSql } from './entries.ts';
import { datesSql } from './filter.ts';
import {
  type FoundRow,
  type FoundRows,
  firstValues,
  foundIn,
  foundSql,
  named,
  type Place,
  tsquery,
  type Wanted,
} from './found.ts';
import type { QueryTexts } from './query-texts.ts';

/**
 * Words that many articles have are found sooner by looking at the newest articles one by one than in an index, which lists all
 * that have them in a window.
 */

/** How many are looked at, at 10 microseconds each. Some 3,000 entries of the index take as long. */
const looked = 150;

/** Whether words that this share of all articles has are likely to be in so many of the newest. */
export const isOftenEnough = (share: number, wanted: number) => share * looked >= 1.5 * wanted;

export type NewestQuery = Wanted & {
  texts: QueryTexts;
  keys: string;
  /** Only what was published before this instant. */
  end: string | null;
  after: Place | null;
};

/** One condition, since each would fetch the vector anew. */
const meetingAll = ({ texts: { ways, exact }, keys }: NewestQuery) =>
  [keys, `(${ways.map((way) => `(${way.join('&')})`).join('|')})`, ...(exact === null ? [] : [`(${exact})`])].join('&');

function amongNewestSql(query: NewestQuery): { statement: Statement; values: Value[] } {
  const { filter, end, after, wanted } = query;
  const { bind, values } = binder(firstValues(query));
  const bounds = (key: Bind) => [
    ...(end === null ? [] : [`a.published_at < ${key(end)}::timestamptz`]),
    ...(after === null ? [] : [`(a.published_at, a.id) < (${key(after.at)}::timestamptz, ${key(after.id)}::uuid)`]),
  ];
  const where = [publicPredicate, ...bounds(bind)].join(' AND ');
  const meets = [
    'e.article_id = p.id',
    `e.rules = ${activeRulesSql}`,
    `e.terms @@ ${tsquery(meetingAll(query), bind)}`,
    ...datesSql(filter, bind),
  ];
  const candidates = `c AS MATERIALIZED (SELECT p.published_at AS at, p.id
    FROM (SELECT a.published_at, a.id FROM @articles a WHERE ${where} ORDER BY a.published_at DESC, a.id DESC LIMIT ${looked}) p
    CROSS JOIN LATERAL (SELECT 1 FROM @search_entries e WHERE ${meets.join(' AND ')} OFFSET 0) e
    ORDER BY p.published_at DESC, p.id DESC LIMIT ${bind(String(wanted))}::int)`;
  return { statement: named(foundSql(query, bind, { ctes: candidates, rows: 'c', more: [] })), values };
}

/** What meets a query among the newest public articles. Fewer than wanted: the others are not among these. */
export async function findInNewest(read: Read, query: NewestQuery): Promise<FoundRows> {
  const { statement, values } = amongNewestSql(query);
  const [row] = await read<FoundRow>(statement, values);
  if (row === undefined) throw new Error('the database did not say what is among the newest');
  return foundIn(row);
}
