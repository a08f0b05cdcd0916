import type { LabelRef } from '../../core/label-ref.ts';
import type { Bind } from '../../db/sql.ts';
import type { ArticleListing } from './listing.ts';
import { betweenSql } from './selective.ts';
import { anyState, type ListedState, visibleIn } from './visible.ts';

/** Any of these. They are bound as plain ids, from which PostgreSQL can estimate how many articles to expect. */
export const anyRefSql = (refs: readonly LabelRef[] | undefined, bind: Bind) => {
  const ids = (refs ?? []).map((ref) => {
    if ('id' in ref) return ref.id;
    throw new Error('a list that is not prepared takes its tags and sources by id');
  });
  return `ANY(${bind(ids)}::uuid[])`;
};

export function keySql(listing: ArticleListing): string {
  if (listing.order === 'title') return 'a.title COLLATE "C"';
  if (listing.order === 'updatedAt') return 'a.updated_at';
  return listing.audience === 'public' ? 'a.published_at' : `coalesce(a.published_at, 'infinity'::timestamptz)`;
}

/** The filters that staff's lists and counts share. */
export function narrowed(
  listing: Pick<ArticleListing, 'story' | 'createdBy' | 'updatedBy' | 'ownOf' | 'ids'>,
  bind: Bind,
): string[] {
  const { story, createdBy, updatedBy, ownOf, ids } = listing;
  const where: string[] = [];
  if (story) {
    const place = bind(story);
    where.push(`(a.story_id = ${place}::uuid OR (a.id = ${place}::uuid AND a.story_id IS NULL))`);
  }
  if (createdBy) where.push(`a.created_by_id = ${bind(createdBy)}::uuid`);
  if (updatedBy) where.push(`a.updated_by_id = ${bind(updatedBy)}::uuid`);
  if (ownOf) where.push(`a.created_by_id = ${bind(ownOf)}::uuid`);
  if (ids) where.push(`a.id = ANY(${bind(ids)}::uuid[])`);
  return where;
}

/** The conditions on every row, whichever index finds it. `taken`: the filter that the index itself answers. */
export function filters(
  listing: ArticleListing,
  actorId: string,
  bind: Bind,
  taken: 'tags' | 'sources' | 'languages' | null,
): string[] {
  const where = [visibleIn(listing.audience, actorId, listing.states)];
  where.push(listing.states ? anyState(listing.states) : 'a.deleted_at IS NULL', ...narrowed(listing, bind));
  if (listing.tags && taken !== 'tags') {
    where.push(
      `EXISTS (SELECT 1 FROM @article_tags y WHERE y.article_id = a.id AND y.tag_id = ${anyRefSql(listing.tags, bind)})`,
    );
  }
  if (listing.sources && taken !== 'sources') where.push(`a.source_id = ${anyRefSql(listing.sources, bind)}`);
  if (listing.languages && taken !== 'languages') where.push(`a.language = ANY(${bind(listing.languages)}::text[])`);
  if (listing.exclude) where.push(`a.id <> ALL(${bind(listing.exclude)}::uuid[])`);
  return where;
}

/** Bounds that the states imply for the order by publication, so that the index scan skips rows without such a date. */
function boundsOfStates(states: readonly ListedState[] | undefined, key: string): string[] {
  if (!states || states.some((state) => !dated.includes(state))) return [];
  if (!states.includes('scheduled')) return [`${key} <= now()`];
  return [`${key} < 'infinity'::timestamptz`, ...(states.length === 1 ? [`${key} > now()`] : [])];
}

const dated: readonly ListedState[] = ['scheduled', 'published', 'expired'];

/**
 * The bounds of publication: on the column and, if the list is ordered by an expression of it, on that expression too. Then
 * the index scan starts at the bound instead of reading up to it.
 */
export function boundsSql(listing: ArticleListing, key: string, bind: Bind): string[] {
  const { publishedFrom, publishedTo, order, states } = listing;
  const from = publishedFrom && `a.published_at >= ${bind(publishedFrom.toISOString())}::timestamptz`;
  const to = publishedTo && `a.published_at < ${bind(publishedTo.toISOString())}::timestamptz`;
  const asked = [from, to].filter((bound) => bound !== undefined);
  if (order !== 'publishedAt' || key === 'a.published_at') return asked;
  const entered = asked.length > 0 ? [betweenSql(key, publishedFrom, publishedTo, bind)] : [];
  return [...asked, ...entered, ...boundsOfStates(states, key)];
}
