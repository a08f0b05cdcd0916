import type { Bind } from '../../db/sql.ts';
import type { ArticleListing, StaffFilter } from './listing.ts';
import { anyState, type ListedState } from './visible.ts';

/** Up to this many uses of tags or sources are sorted. */
export const selectiveUsesMax = 1_000;

/** Up to this many articles that match a filter of staff are sorted, which takes 0.1 to 0.2 seconds. */
export const selectiveRowsMax = 40_000;

const perStatus: readonly ListedState[] = ['draft', 'review', 'archived'];

/**
 * The filters of a list that no index answers in its order. Readers' lists have an index for everything that they may ask.
 */
export function filtersWithoutIndex(listing: ArticleListing): StaffFilter[] {
  const { audience, order, states, languages, publishedFrom, publishedTo } = listing;
  if (audience === 'public') return [];
  const trash = states?.includes('trash') === true;
  const found: StaffFilter[] = [];
  if (languages && order !== 'title' && !trash) found.push('languages');
  if ((publishedFrom || publishedTo) && order !== 'publishedAt' && !trash) found.push('dates');
  const [state] = states ?? [];
  const inOrder = order === 'updatedAt' && states?.length === 1 && state !== undefined && perStatus.includes(state);
  if (states && !states.includes('published') && !inOrder) found.push('states');
  return found;
}

const publicationSql = `coalesce(a.published_at, 'infinity'::timestamptz)`;

/** SQL over `a` for the rows that match one of these filters, in a form that an index answers. */
export function filterSql(listing: ArticleListing, filter: StaffFilter, bind: Bind): string {
  const { languages = [], publishedFrom, publishedTo, states = [] } = listing;
  if (filter === 'states') return anyState(states);
  if (filter === 'languages') return `a.language = ANY(${bind(languages)}::text[]) AND a.deleted_at IS NULL`;
  return `${betweenSql(publicationSql, publishedFrom, publishedTo, bind)} AND a.deleted_at IS NULL`;
}

/**
 * Bounds on an indexed expression. Both are always given: PostgreSQL has no statistics of the expression, so with a single
 * bound it would expect a third of the table and read all of it.
 */
export function betweenSql(key: string, from: Date | undefined, to: Date | undefined, bind: Bind): string {
  const lower = from ? `${bind(from.toISOString())}::timestamptz` : `'-infinity'::timestamptz`;
  return to
    ? `${key} >= ${lower} AND ${key} < ${bind(to.toISOString())}::timestamptz`
    : `${key} >= ${lower} AND ${key} <= 'infinity'::timestamptz`;
}
