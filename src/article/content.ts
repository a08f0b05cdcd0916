import { canonical } from '../core/canonical.ts';
import { members } from './field-lists.ts';
import { type PlainContent, pick } from './fields.ts';
import type { Place, Status, StoredStatus } from './lifecycle.ts';

export type BodyFormat = 'html' | 'markdown' | 'text';

export type Cover = {
  url: string;
  alt: string;
  caption: string | null;
  credit: string | null;
  width: number | null;
  height: number | null;
};

export type Correction = { at: string; text: string };

/** Everything in an article that a change can touch. Times are RFC 3339 in UTC with milliseconds. */
export type Content = PlainContent & {
  slug: string;
  slugDerived: boolean;
  body: string;
  bodyFormat: BodyFormat;
  bodyHtml: string;
  cover: Cover | null;
  sourceId: string | null;
  status: StoredStatus;
  publishedAt: string | null;
  expiresAt: string | null;
  firstPublishedAt: string | null;
  deletedAt: string | null;
  modifiedAt: string | null;
  corrections: readonly Correction[];
  storyId: string | null;
  itemVersion: number | null;
  /** In the order of the article. */
  tagIds: readonly string[];
};

/** An article as it is in the database, locked. */
export type Stored = Content & {
  id: string;
  version: number;
  createdById: string | null;
  /** The status at `now`, by the database's clock. */
  shownStatus: Status;
  now: string;
};

export const placeOf = (stored: Stored): Place => (stored.deletedAt === null ? stored.shownStatus : 'trash');

export const wasPublic = (content: Content, now: string): boolean =>
  content.firstPublishedAt !== null && content.firstPublishedAt <= now;

export const contentOf = (stored: Stored): Content => pick(stored, members);

/** `itemVersion` belongs to (source, sourceItemId); cleared when either changes. */
export const ofItem = (before: Content, after: Content): Content =>
  before.sourceId === after.sourceId && before.sourceItemId === after.sourceItemId
    ? after
    : { ...after, itemVersion: null };

/** The names of the members in which two contents differ. */
export function changedMembers(before: Content, after: Content): string[] {
  const old = new Map(Object.entries(before));
  return Object.entries(after).flatMap(([name, value]) =>
    canonical(old.get(name)) === canonical(value) ? [] : [name],
  );
}

const fieldNames: Readonly<Record<string, string | null>> = { sourceId: 'source', tagIds: 'tags', slugDerived: null };

/** The field of the view that shows a member, or none. */
function fieldOf(member: string): string[] {
  const field = fieldNames[member];
  return field === null ? [] : [field ?? member];
}

/** The fields of the view in which two contents differ, as revisions and events list them. */
export const changedFields = (before: Content, after: Content): string[] =>
  changedMembers(before, after).flatMap(fieldOf);

/** Published and not in the trash, whatever the dates say. */
export const listed = (content: Content): boolean => content.status === 'published' && content.deletedAt === null;

export const hasExpired = ({ expiresAt }: Content, now: string): boolean => expiresAt !== null && expiresAt <= now;

/** Whether readers have it now, or had it until it expired. */
export const isOut = (content: Content, now: string): boolean =>
  listed(content) && content.publishedAt !== null && content.publishedAt <= now;

export const isPublic = (content: Content, now: string): boolean => isOut(content, now) && !hasExpired(content, now);
