import type { Ref } from '../../core/ref.ts';
import type { Audience, ListedState } from './visible.ts';

export type ArticleOrder = 'publishedAt' | 'title' | 'updatedAt';

/** Which articles, in which order, from where. Of several values of one filter any matches. */
export type ArticleListing = {
  audience: Audience;
  actorId: string | null;
  publicUrl: string;
  /** SQL for the JSON of one item; gets the place of the caller's id. */
  item: (actorId: string) => string;
  /** The columns of an item that may be very long, of those that are shown. */
  long?: readonly ('body' | 'body_html')[];
  order: ArticleOrder;
  descending: boolean;
  /** The sort keys of the row to go on after. */
  after: readonly string[] | null;
  limit: number;
  tags?: readonly Ref[] | undefined;
  sources?: readonly Ref[] | undefined;
  languages?: readonly string[] | undefined;
  /** One item of any of the sources. */
  sourceItemId?: string | undefined;
  ids?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  story?: string | undefined;
  createdBy?: string | undefined;
  updatedBy?: string | undefined;
  /** Whose articles alone are asked for by the two before. */
  ownOf?: string | undefined;
  /** All of them must be in the title, as search compares words. */
  titleWords?: readonly string[] | undefined;
  publishedFrom?: Date | undefined;
  publishedTo?: Date | undefined;
  /** Whether the text recurs often enough to be prepared. */
  prepared: boolean;
  /** The states asked for; without them everything but the trash. */
  states?: readonly ListedState[] | undefined;
  /** The filter of which it is known that few articles match it: the list is sorted from these. */
  selective?: SelectiveFilter | null;
};

/**
 * Filters that may leave few articles, so that these are looked up and sorted sooner than an order is walked in which they
 * are rare or stand all at the far end: those of one tag have nothing to do with the order of titles, and drafts are the
 * last by publication.
 */
export type SelectiveFilter = 'tags' | 'sources' | StaffFilter;

export type StaffFilter = 'languages' | 'dates' | 'states';
