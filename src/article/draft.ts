import type { Precondition } from '../core/precondition.ts';
import type { Content } from './content.ts';
import type { Snapshot } from './differences.ts';
import type { ArticleField } from './read/view-sql.ts';

/** What a working draft holds of an article, and what becomes of it when the article moves on. Pure. */

/** Drafts count their versions from here on; no article reaches it, so that the ETag of the one is told from the other's. */
export const draftVersionMin = 1_000_000;

/** Whether `If-Match` names a working draft, whichever. */
export const namesDraft = (ifMatch: Precondition): boolean =>
  ifMatch.kind === 'versions' && ifMatch.versions.some((version) => version >= draftVersionMin);

/** The members that an editor works on; status, dates of publication and corrections are the article's alone. */
export type DraftContent = Pick<
  Content,
  | 'language'
  | 'slug'
  | 'slugDerived'
  | 'kicker'
  | 'title'
  | 'excerpt'
  | 'body'
  | 'bodyFormat'
  | 'bodyHtml'
  | 'cover'
  | 'byline'
  | 'deskInitials'
  | 'sourceId'
  | 'sourceUrl'
  | 'sourceItemId'
  | 'tagIds'
  | 'expiresAt'
>;

/** The fields that show these members. */
export const draftFields: readonly ArticleField[] = [
  'language',
  'slug',
  'kicker',
  'title',
  'excerpt',
  'body',
  'bodyFormat',
  'bodyHtml',
  'cover',
  'byline',
  'deskInitials',
  'source',
  'sourceUrl',
  'sourceItemId',
  'tags',
  'expiresAt',
];

/** These members of an article, or of what is stored of a draft, and nothing besides. */
export const draftContentOf = (content: DraftContent): DraftContent => ({
  language: content.language,
  slug: content.slug,
  slugDerived: content.slugDerived,
  kicker: content.kicker,
  title: content.title,
  excerpt: content.excerpt,
  body: content.body,
  bodyFormat: content.bodyFormat,
  bodyHtml: content.bodyHtml,
  cover: content.cover,
  byline: content.byline,
  deskInitials: content.deskInitials,
  sourceId: content.sourceId,
  sourceUrl: content.sourceUrl,
  sourceItemId: content.sourceItemId,
  tagIds: content.tagIds,
  expiresAt: content.expiresAt,
});

/**
 * A draft upon the article as it is now: the fields that the draft changed (`own`) stay as the draft has them, the others
 * follow the live article.
 */
export function rebasedContent(draft: DraftContent, live: Content, own: readonly string[]): DraftContent {
  const of = (field: ArticleField) => (own.includes(field) ? draft : live);
  const body = own.includes('body') || own.includes('bodyFormat') ? draft : live;
  return {
    language: of('language').language,
    slug: of('slug').slug,
    slugDerived: of('slug').slugDerived,
    kicker: of('kicker').kicker,
    title: of('title').title,
    excerpt: of('excerpt').excerpt,
    body: body.body,
    bodyFormat: body.bodyFormat,
    bodyHtml: body.bodyHtml,
    cover: of('cover').cover,
    byline: of('byline').byline,
    deskInitials: of('deskInitials').deskInitials,
    sourceId: of('source').sourceId,
    sourceUrl: of('sourceUrl').sourceUrl,
    sourceItemId: of('sourceItemId').sourceItemId,
    tagIds: of('tags').tagIds,
    expiresAt: of('expiresAt').expiresAt,
  };
}

/** JSON of an article with the slug that publishing gives it. */
export function withSlug(json: string, slug: string): string {
  const shown: Snapshot = JSON.parse(json);
  return shown.slug === slug ? json : JSON.stringify({ ...shown, slug });
}
