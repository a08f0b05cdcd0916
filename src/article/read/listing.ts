import type { LabelRef } from '../../core/label-ref.ts';
import type { Bind } from '../../db/sql.ts';
import type { Audience, ListedState } from './visible.ts';

export type ArticleOrder = 'publishedAt' | 'title' | 'updatedAt';

/** Which articles, in which order, and where to start. Of several values of one filter, any may match. */
export type ArticleListing = {
  audience: Audience;
  actorId: string | null;
  publicUrl: string;
  /** SQL for the JSON of one item; `actorId` is the placeholder of the caller's id. */
  item: (actorId: string, bind: Bind) => string;
  /** Those columns of the shown ones that may be very long. */
  long?: readonly ('body' | 'body_html')[];
  order: ArticleOrder;
  descending: boolean;
  /** Keyset: the sort keys of the last row before the page. */
  after: readonly string[] | null;
  limit: number;
  tags?: readonly LabelRef[] | undefined;
  sources?: readonly LabelRef[] | undefined;
  languages?: readonly string[] | undefined;
  /** The id of an item, from any of the sources. */
  sourceItemId?: string | undefined;
  ids?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  story?: string | undefined;
  createdBy?: string | undefined;
  updatedBy?: string | undefined;
  /** Only articles of this user: authors may ask `createdBy` and `updatedBy` of their own articles alone. */
  ownOf?: string | undefined;
  publishedFrom?: Date | undefined;
  publishedTo?: Date | undefined;
  /** Whether the text recurs often enough to be prepared. */
  prepared: boolean;
  /** The states asked for; without them, everything but the trash. */
  states?: readonly ListedState[] | undefined;
  /** The filter that is known to match few articles: these are fetched and sorted. */
  selective?: SelectiveFilter | null;
};

/**
 * Filters that may match few articles. Fetching and sorting these is faster than walking the order of the list, in which
 * they may be rare or all at the far end: the articles of one tag are scattered over the order of titles, and drafts come
 * last by publication.
 */
export type SelectiveFilter = 'tags' | 'sources' | StaffFilter;

export type StaffFilter = 'languages' | 'dates' | 'states';
