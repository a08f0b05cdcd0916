import type { Bind } from '../../db/sql.ts';
import { filters } from '../read/list-filters.ts';
import type { ArticleListing } from '../read/listing.ts';
import type { ListedState } from '../read/visible.ts';
import { entryKeys } from './keys.ts';
import { anyKey } from './lexemes.ts';

/** Which articles a search is about; the words stand apart. */
export type SearchFilter = Pick<
  ArticleListing,
  'audience' | 'actorId' | 'states' | 'tags' | 'sources' | 'languages' | 'publishedFrom' | 'publishedTo'
> & {
  /** Only what was published before, and what has no such date. */
  until?: Date | undefined;
};

/** Ids that the keys of labels may have: of the label, and of those that were merged into it. */
export type LabelIds = { tags: readonly string[] | null; sources: readonly string[] | null };

const undatedStates: readonly ListedState[] = ['draft', 'review', 'archived', 'trash'];

/** Whether articles without a date may be among those that are asked for. */
export const hasUndated = ({ audience, states, publishedFrom, publishedTo }: SearchFilter) =>
  audience !== 'public' &&
  !publishedFrom &&
  !publishedTo &&
  (states?.some((one) => undatedStates.includes(one)) ?? true);

/** The state that an entry has of a state that is shown: what the dates say stands beside it. */
const storedState = (state: ListedState) => (state === 'scheduled' || state === 'expired' ? 'published' : state);

function statesText({ audience, actorId, states }: SearchFilter): string[] {
  const own = audience === 'author' && actorId !== null ? [entryKeys.author(actorId)] : [];
  if (states) {
    const stored = anyKey([...new Set(states.map(storedState))].map(entryKeys.state));
    return [stored, ...(own.length > 0 && !states.includes('published') ? [anyKey(own)] : [])];
  }
  if (audience === 'desk' || audience === 'staff') return [`!${anyKey([entryKeys.state('trash')])}`];
  return [anyKey([entryKeys.state('published'), ...own])];
}

/** All that keys answer but for the window. */
export function keysText(filter: SearchFilter, labels: LabelIds): string {
  const languages = filter.languages?.map(entryKeys.language);
  const tags = labels.tags?.map(entryKeys.tag);
  const sources = labels.sources?.map(entryKeys.source);
  const asked = [languages, tags, sources].flatMap((keys) => (keys ? [anyKey(keys)] : []));
  return [...asked, ...statesText(filter)].join('&');
}

const onlyPublished = (states: readonly ListedState[] | undefined) => states?.length === 1 && states[0] === 'published';

/** What entries say of dates themselves, so that hidden articles are not looked up one by one. */
export function datesSql({ audience, states, publishedFrom, publishedTo, until }: SearchFilter, bind: Bind): string[] {
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

/** Whether the caller sees an article `a` in this filter. */
export function seenSql(filter: SearchFilter, bind: Bind): string {
  const actor = filter.audience === 'author' && filter.actorId !== null ? bind(filter.actorId) : 'NULL';
  return filters(listingOf(filter), actor, bind, null).join(' AND ');
}
