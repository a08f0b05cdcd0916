import type { Precondition } from '../core/precondition.ts';
import type { Content } from './content.ts';
import type { Snapshot } from './differences.ts';
import { draftMembers, plainDraftNames } from './field-lists.ts';
import { type ArticleField, type DraftMember, recordOf } from './fields.ts';

/** What a working draft holds, and how it follows the live article. Pure. */

/**
 * Versions of drafts start here. No article reaches that many, so the ETag of a draft is never taken for the ETag of an
 * article.
 */
export const draftVersionMin = 1_000_000;

/** Whether `If-Match` names a version of some working draft. */
export const namesDraft = (ifMatch: Precondition): boolean =>
  ifMatch.kind === 'versions' && ifMatch.versions.some((version) => version >= draftVersionMin);

/**
 * The members that an editor changes in a draft. Status, dates of publication and corrections belong to the article alone.
 */
export type DraftContent = Pick<Content, DraftMember>;

/**
 * Exactly these members, from an article or from the stored content of a draft. A draft that is older than a member has
 * null for it.
 */
export const draftContentOf = (content: DraftContent): DraftContent =>
  recordOf<DraftContent>(draftMembers, (member) => content[member] ?? null);

/**
 * Rebases a draft on the live article: the fields that the draft changed (`own`) keep the draft's values, the others take
 * the live ones.
 */
export function rebasedContent(draft: DraftContent, live: Content, own: readonly string[]): DraftContent {
  const from = (field: ArticleField) => (own.includes(field) ? draft : live);
  const body = own.includes('body') || own.includes('bodyFormat') ? draft : live;
  return {
    ...recordOf<Pick<Content, (typeof plainDraftNames)[number]>>(plainDraftNames, (name) => from(name)[name]),
    slug: from('slug').slug,
    slugDerived: from('slug').slugDerived,
    body: body.body,
    bodyFormat: body.bodyFormat,
    bodyHtml: body.bodyHtml,
    cover: from('cover').cover,
    sourceId: from('source').sourceId,
    tagIds: from('tags').tagIds,
    expiresAt: from('expiresAt').expiresAt,
  };
}

/** The JSON of an article, with the slug that publishing would give it. */
export function withSlug(json: string, slug: string): string {
  const shown: Snapshot = JSON.parse(json);
  return shown.slug === slug ? json : JSON.stringify({ ...shown, slug });
}
