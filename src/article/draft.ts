import type { Precondition } from '../core/precondition.ts';
import type { Content } from './content.ts';
import type { Snapshot } from './differences.ts';
import { type ArticleField, type DraftMember, draftMembers, plainDraftNames, recordOf } from './fields.ts';

/** What a working draft holds of an article, and what becomes of it when the article moves on. Pure. */

/** Drafts count their versions from here on; no article reaches it, so that the ETag of the one is told from the other's. */
export const draftVersionMin = 1_000_000;

/** Whether `If-Match` names a working draft, whichever. */
export const namesDraft = (ifMatch: Precondition): boolean =>
  ifMatch.kind === 'versions' && ifMatch.versions.some((version) => version >= draftVersionMin);

/** The members that an editor works on; status, dates of publication and corrections are the article's alone. */
export type DraftContent = Pick<Content, DraftMember>;

/** These members of an article, or of what is stored of a draft, and nothing besides. One begun before a member came has none. */
export const draftContentOf = (content: DraftContent): DraftContent =>
  recordOf<DraftContent>(draftMembers, (member) => content[member] ?? null);

/**
 * A draft upon the article as it is now: the fields that the draft changed (`own`) stay as the draft has them, the others
 * follow the live article.
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

/** JSON of an article with the slug that publishing gives it. */
export function withSlug(json: string, slug: string): string {
  const shown: Snapshot = JSON.parse(json);
  return shown.slug === slug ? json : JSON.stringify({ ...shown, slug });
}
