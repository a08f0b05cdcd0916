import { keptAddress } from '../core/web-address.ts';
import { type Content, contentOf, placeOf, type Stored } from './content.ts';
import { corrected } from './corrections.ts';
import { patchedCover } from './edited-parts.ts';
import type { ArticleCreate, ArticlePatch } from './inputs.ts';
import { publishTimes, redate, type Step, type Times, timesOf, unpublishTimes } from './lifecycle.ts';

/** Works out the content after a call, from what is stored and what was sent. Pure. */

/** What was worked out before: the slug, the rendered body, and references that are known to exist. */
type Resolved = Pick<Content, 'slug' | 'slugDerived' | 'body' | 'bodyFormat' | 'bodyHtml' | 'sourceId' | 'tagIds'>;

// The literals name every member. A spread of a whole object would compile as a part, and could overwrite what another part
// has set.

const defaultLanguage = 'bn';

export const isoOf = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

export function createdContent(body: ArticleCreate, resolved: Resolved, now: string): Content {
  const status = body.status ?? 'draft';
  const publishedAt = isoOf(body.publishedAt) ?? (status === 'published' ? now : null);
  return {
    language: body.language ?? defaultLanguage,
    slug: resolved.slug,
    slugDerived: resolved.slugDerived,
    kicker: body.kicker ?? null,
    title: body.title,
    excerpt: body.excerpt ?? null,
    body: resolved.body,
    bodyFormat: resolved.bodyFormat,
    bodyHtml: resolved.bodyHtml,
    cover: patchedCover(null, body.cover),
    byline: body.byline ?? null,
    deskInitials: body.deskInitials ?? null,
    sourceId: resolved.sourceId,
    sourceUrl: body.sourceUrl ?? null,
    sourceItemId: body.sourceItemId ?? null,
    tagIds: resolved.tagIds,
    status,
    publishedAt,
    expiresAt: isoOf(body.expiresAt),
    firstPublishedAt: status === 'published' ? publishedAt : null,
    deletedAt: null,
    modifiedAt: null,
    corrections: [],
    storyId: null,
    itemVersion: null,
  };
}

/** The times after a patch: each as it was sent, or else as it is stored. */
function patchedTimes(stored: Stored, { publishedAt, expiresAt }: Pick<ArticlePatch, 'publishedAt' | 'expiresAt'>) {
  const times = timesOf(stored);
  const dated = publishedAt === undefined ? times : redate(times, placeOf(stored), isoOf(publishedAt), stored.now);
  return { ...dated, expiresAt: expiresAt === undefined ? dated.expiresAt : isoOf(expiresAt) } satisfies Times;
}

/** RFC 7396: absent members stay. */
export function patchedContent(stored: Stored, patch: ArticlePatch, resolved: Resolved): Content {
  const keep = <Value>(value: Value | undefined, old: Value): Value => (value === undefined ? old : value);
  const { publishedAt, expiresAt, firstPublishedAt } = patchedTimes(stored, patch);
  const { modifiedAt, corrections } = corrected(stored, patch, stored.now);
  return {
    language: keep(patch.language, stored.language),
    slug: resolved.slug,
    slugDerived: resolved.slugDerived,
    kicker: keep(patch.kicker, stored.kicker),
    title: keep(patch.title, stored.title),
    excerpt: keep(patch.excerpt, stored.excerpt),
    body: resolved.body,
    bodyFormat: resolved.bodyFormat,
    bodyHtml: resolved.bodyHtml,
    cover: patchedCover(stored.cover, patch.cover),
    byline: keep(patch.byline, stored.byline),
    deskInitials: keep(patch.deskInitials, stored.deskInitials),
    sourceId: patch.source === undefined ? stored.sourceId : resolved.sourceId,
    sourceUrl: keep(keptAddress(patch.sourceUrl, stored.sourceUrl), stored.sourceUrl),
    sourceItemId: keep(patch.sourceItemId, stored.sourceItemId),
    tagIds: patch.tags === undefined ? stored.tagIds : resolved.tagIds,
    status: stored.status,
    publishedAt,
    expiresAt,
    firstPublishedAt,
    deletedAt: stored.deletedAt,
    modifiedAt,
    corrections,
    storyId: stored.storyId,
    itemVersion: stored.itemVersion,
  };
}

/** The content after a step. `at`: the date for publishing, if one was given. */
export function contentAfter(step: Step, stored: Stored, at: Date | undefined): Content {
  const content = contentOf(stored);
  const { now } = stored;
  const place = placeOf(stored);
  const times = timesOf(stored);
  switch (step) {
    case 'submit':
      return { ...content, status: 'review' };
    case 'return':
      return { ...content, status: 'draft' };
    case 'publish':
      return { ...content, ...publishTimes(times, place, isoOf(at), now), status: 'published' };
    case 'unpublish':
      return { ...content, ...unpublishTimes(times, now), status: 'draft' };
    case 'archive':
      return { ...content, ...unpublishTimes(times, now), status: 'archived' };
    case 'restore':
      // Going in cleared the dates that were ahead. A date ahead now is a plan that was made since, so it stays.
      return { ...content, status: 'draft', deletedAt: null };
    case 'trash': {
      if (content.deletedAt !== null) return content;
      const after = unpublishTimes(times, now);
      const status = content.status === 'published' && after.publishedAt === null ? 'draft' : content.status;
      return { ...content, ...after, status, deletedAt: now };
    }
  }
}
