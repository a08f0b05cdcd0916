import { bodyFault, invalidInput } from '../core/errors.ts';
import { derivedSlug, givenSlug } from '../core/slug-choice.ts';
import { keptAddress } from '../core/web-address.ts';
import type { Bodies } from './body/bodies.ts';
import { type Content, type Cover, type Stored, wasPublic } from './content.ts';
import type { ArticleCreate, ArticlePatch } from './inputs.ts';
import type { Warning } from './warnings.ts';

/** Parts of a change: from the cover, body and slug that were sent to what is stored. */

type CoverPatch = NonNullable<ArticlePatch['cover']>;

/** RFC 7396 for the cover: absent members stay, null clears. Throws 400 if url or alt is missing afterwards. */
export function patchedCover(before: Cover | null, patch: CoverPatch | null | undefined): Cover | null {
  if (patch === undefined) return before;
  if (patch === null) return null;
  const url = keptAddress(patch.url, before?.url) ?? before?.url;
  const alt = patch.alt ?? before?.alt;
  if (url === undefined || alt === undefined) {
    throw invalidInput([bodyFault(url === undefined ? '/cover/url' : '/cover/alt', 'A cover needs url and alt.')]);
  }
  const pick = <Value>(value: Value | null | undefined, old: Value | null | undefined) =>
    value === undefined ? (old ?? null) : value;
  return {
    url,
    alt,
    caption: pick(patch.caption, before?.caption),
    credit: pick(patch.credit, before?.credit),
    width: pick(patch.width, before?.width),
    height: pick(patch.height, before?.height),
  };
}

export type CleanBody = Pick<Content, 'body' | 'bodyFormat' | 'bodyHtml'> & { warnings: Warning[] };

type Body = Pick<Content, 'body' | 'bodyFormat' | 'bodyHtml'>;

/**
 * The body after a change. A body that is sent back exactly as it was read stays as it is stored, even if today's rules
 * would change or refuse it. Throws 400 if the format changes and the body was not sent, since the stored body is written
 * in the old format. Throws 400 for a body that is too long or makes too much HTML.
 */
export async function patchedBody(
  before: Body | null,
  patch: Pick<ArticleCreate, 'body' | 'bodyFormat'>,
  bodies: Bodies,
): Promise<CleanBody> {
  const bodyFormat = patch.bodyFormat ?? before?.bodyFormat ?? 'html';
  if (before !== null && patch.body === undefined) {
    if (bodyFormat !== before.bodyFormat && before.body !== '')
      throw invalidInput([bodyFault('/bodyFormat', 'Send the body in the new format too.')]);
    return { body: before.body, bodyFormat, bodyHtml: before.bodyHtml, warnings: [] };
  }
  const sent = patch.body ?? '';
  if (before !== null && bodyFormat === before.bodyFormat && bodies.isShown(sent, before))
    return { body: before.body, bodyFormat, bodyHtml: before.bodyHtml, warnings: [] };
  const { body, bodyHtml, warnings } = await bodies.render(sent, bodyFormat);
  return { bodyFormat, body, bodyHtml, warnings };
}

export type SlugChoice = Pick<Content, 'slug' | 'slugDerived'> & { derivedBase: string | null };

/**
 * The slug after a change: the given one. If none is given, a derived slug follows the title until the first publication.
 * Throws 400.
 */
export function patchedSlug(
  before: Stored,
  patch: { title?: string | undefined; slug?: string | undefined },
  number: number,
): SlugChoice {
  if (patch.slug !== undefined) {
    const slug = givenSlug(patch.slug, before.slug);
    return { slug, slugDerived: before.slugDerived && slug === before.slug, derivedBase: null };
  }
  const plain = (title: string) => derivedSlug(title, before.id, 1).slug;
  const title = patch.title ?? before.title;
  const follows = before.slugDerived && !wasPublic(before, before.now) && plain(title) !== plain(before.title);
  if (!follows) return { slug: before.slug, slugDerived: before.slugDerived, derivedBase: null };
  const { slug, base } = derivedSlug(title, before.id, number);
  return { slug, slugDerived: true, derivedBase: base };
}
