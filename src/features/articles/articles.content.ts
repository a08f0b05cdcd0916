import { keptAddress } from '../../core/web-address.ts';
import { patchedCover } from './articles.change.ts';
import { corrected } from './articles.corrections.ts';
import { publishTimes, redate, type Step, unpublishTimes } from './articles.lifecycle.ts';
import type { ArticleCreate, ArticlePatch } from './articles.schema.ts';
import { type Content, contentOf, placeOf, type Stored } from './articles.state.ts';

/** The content that a call makes of what was there. Pure. */

/** What was worked out beforehand: the slug, the rendered body, and references that are known to exist. */
type Resolved = Pick<Content, 'slug' | 'slugDerived' | 'body' | 'bodyFormat' | 'bodyHtml' | 'sourceId' | 'tagIds'>;

const defaultLanguage = 'bn';

export const isoOf = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

export function createdContent(body: ArticleCreate, resolved: Resolved, now: string): Content {
  const status = body.status ?? 'draft';
  const publishedAt = isoOf(body.publishedAt) ?? (status === 'published' ? now : null);
  return {
    language: body.language ?? defaultLanguage,
    kicker: body.kicker ?? null,
    title: body.title,
    excerpt: body.excerpt ?? null,
    cover: patchedCover(null, body.cover),
    byline: body.byline ?? null,
    deskInitials: body.deskInitials ?? null,
    sourceUrl: body.sourceUrl ?? null,
    sourceItemId: body.sourceItemId ?? null,
    status,
    publishedAt,
    expiresAt: isoOf(body.expiresAt),
    firstPublishedAt: status === 'published' ? publishedAt : null,
    deletedAt: null,
    modifiedAt: null,
    corrections: [],
    storyId: null,
    itemVersion: null,
    ...resolved,
  };
}

/** RFC 7396: a member that is absent stays as it was. */
export function patchedContent(stored: Stored, patch: ArticlePatch, resolved: Resolved): Content {
  const before = contentOf(stored);
  const keep = <Value>(value: Value | undefined, old: Value): Value => (value === undefined ? old : value);
  const { sourceId, tagIds, ...rest } = resolved;
  return {
    ...before,
    ...rest,
    ...(patch.publishedAt === undefined ? {} : redate(before, placeOf(stored), isoOf(patch.publishedAt), stored.now)),
    language: keep(patch.language, before.language),
    kicker: keep(patch.kicker, before.kicker),
    title: keep(patch.title, before.title),
    excerpt: keep(patch.excerpt, before.excerpt),
    cover: patchedCover(before.cover, patch.cover),
    byline: keep(patch.byline, before.byline),
    deskInitials: keep(patch.deskInitials, before.deskInitials),
    sourceId: patch.source === undefined ? before.sourceId : sourceId,
    sourceUrl: keep(keptAddress(patch.sourceUrl, before.sourceUrl), before.sourceUrl),
    sourceItemId: keep(patch.sourceItemId, before.sourceItemId),
    tagIds: patch.tags === undefined ? before.tagIds : tagIds,
    expiresAt: patch.expiresAt === undefined ? before.expiresAt : isoOf(patch.expiresAt),
    ...corrected(before, patch, stored.now),
  };
}

/** The content after a step. */
export function contentAfter(step: Step, stored: Stored, at: Date | undefined): Content {
  const content = contentOf(stored);
  const { now } = stored;
  const place = placeOf(stored);
  switch (step) {
    case 'submit':
      return { ...content, status: 'review' };
    case 'return':
      return { ...content, status: 'draft' };
    case 'publish':
      return { ...content, ...publishTimes(content, place, at?.toISOString() ?? null, now), status: 'published' };
    case 'unpublish':
      return { ...content, ...unpublishTimes(content, now), status: 'draft' };
    case 'archive':
      return { ...content, ...unpublishTimes(content, now), status: 'archived' };
    case 'restore':
      // What was ahead went on the way in: a date ahead is a plan that was made since.
      return { ...content, status: 'draft', deletedAt: null };
    case 'trash': {
      if (content.deletedAt !== null) return content;
      const times = unpublishTimes(content, now);
      const status = content.status === 'published' && times.publishedAt === null ? 'draft' : content.status;
      return { ...content, ...times, status, deletedAt: now };
    }
  }
}
