import type { Bind } from '../../db/sql.ts';
import type { ArticleListing, StaffFilter } from './listing.ts';
import { anyState, type ListedState } from './visible.ts';

/** So many uses of tags and sources are sorted. */
export const selectiveUsesMax = 1_000;

/** So many articles of staff's filters are sorted, which takes a tenth of a second or two. */
export const selectiveRowsMax = 40_000;

const perStatus: readonly ListedState[] = ['draft', 'review', 'archived'];

/** Which filters of a list no index answers in its order; readers' lists have an index for all that they may ask. */
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

/** The rows that one of these filters leaves, as SQL over `a`, in the form that an index answers. */
export function filterSql(listing: ArticleListing, filter: StaffFilter, bind: Bind): string {
  const { languages = [], publishedFrom, publishedTo, states = [] } = listing;
  if (filter === 'states') return anyState(states);
  if (filter === 'languages') return `a.language = ANY(${bind(languages)}::text[]) AND a.deleted_at IS NULL`;
  return `${betweenSql(publicationSql, publishedFrom, publishedTo, bind)} AND a.deleted_at IS NULL`;
}

/**
 * An instant of an indexed expression within bounds, both of them always said: of one alone PostgreSQL, which has no
 * statistics of the expression, expects a third of the table and reads all of it.
 */
export function betweenSql(key: string, from: Date | undefined, to: Date | undefined, bind: Bind): string {
  const lower = from ? `${bind(from.toISOString())}::timestamptz` : `'-infinity'::timestamptz`;
  return to
    ? `${key} >= ${lower} AND ${key} < ${bind(to.toISOString())}::timestamptz`
    : `${key} >= ${lower} AND ${key} <= 'infinity'::timestamptz`;
}
