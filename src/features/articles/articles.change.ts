import { type Fault, invalidInput, unprocessable } from '../../core/errors.ts';
import { keyOf, type Ref } from '../../core/ref.ts';
import { derivedSlug, givenSlug } from '../../core/slug-choice.ts';
import { keptAddress } from '../../core/web-address.ts';
import type { Bodies } from './articles.bodies.ts';
import type { ArticleCreate, ArticlePatch } from './articles.schema.ts';
import { type Content, type Cover, type Stored, wasPublic } from './articles.state.ts';
import type { BodyWarning } from './body-warnings.ts';

/** Pure parts of a change: covers, bodies and references, from what was asked to what is stored. */

const fault = (pointer: string, detail: string): Fault => ({ in: 'body', pointer, detail });

type CoverPatch = NonNullable<ArticlePatch['cover']>;

/** RFC 7396 for the cover: members that are absent stay, null clears. */
export function patchedCover(before: Cover | null, patch: CoverPatch | null | undefined): Cover | null {
  if (patch === undefined) return before;
  if (patch === null) return null;
  const url = keptAddress(patch.url, before?.url) ?? before?.url;
  const alt = patch.alt ?? before?.alt;
  if (url === undefined || alt === undefined) {
    throw invalidInput([fault(url === undefined ? '/cover/url' : '/cover/alt', 'A cover needs url and alt.')]);
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

export type Rendered = Pick<Content, 'body' | 'bodyFormat' | 'bodyHtml'> & { warnings: BodyWarning[] };

type Body = Pick<Content, 'body' | 'bodyFormat' | 'bodyHtml'>;

/**
 * The body after a change; one that is sent back as it was read stays as it is stored, whatever may be stored today. Throws
 * 400 for another format of a body that was not sent: it is not written in that one; and for one that is too long or makes
 * too much.
 */
export async function patchedBody(
  before: Body | null,
  patch: Pick<ArticleCreate, 'body' | 'bodyFormat'>,
  bodies: Bodies,
): Promise<Rendered> {
  const bodyFormat = patch.bodyFormat ?? before?.bodyFormat ?? 'html';
  if (before !== null && patch.body === undefined) {
    if (bodyFormat !== before.bodyFormat && before.body !== '')
      throw invalidInput([fault('/bodyFormat', 'Send the body in the new format too.')]);
    return { body: before.body, bodyFormat, bodyHtml: before.bodyHtml, warnings: [] };
  }
  const sent = patch.body ?? '';
  if (before !== null && bodyFormat === before.bodyFormat && bodies.isShown(sent, before))
    return { body: before.body, bodyFormat, bodyHtml: before.bodyHtml, warnings: [] };
  const { body, bodyHtml, warnings } = await bodies.render(sent, bodyFormat);
  return { bodyFormat, body, bodyHtml, warnings };
}

export type SlugChoice = Pick<Content, 'slug' | 'slugDerived'> & { derivedBase: string | null };

/** The slug after a change: the one given, or until the first publication one that follows the title. Throws 400. */
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

/** The ids of references in the order given, two that lead to one thing counting once. Throws 422 naming each that does not exist. */
export function resolveRefs(
  refs: readonly Ref[],
  found: ReadonlyMap<string, { id: string }>,
  pointer: (index: number) => string,
  noun: string,
): string[] {
  const errors: Fault[] = [];
  const ids = refs.flatMap((ref, index) => {
    const thing = found.get(keyOf(ref));
    if (thing === undefined) errors.push(fault(pointer(index), `There is no ${noun} ${keyOf(ref)}; make it first.`));
    return thing === undefined ? [] : [thing.id];
  });
  if (errors.length > 0) throw unprocessable(`unknown-${noun}`, `A ${noun} that is named does not exist.`, errors);
  return [...new Set(ids)];
}

const yearsAheadMax = 5;

/**
 * What holds between members of one article, whichever call brought them together. Of two that do not go together the
 * fault points to one that the body has (`named`).
 */
export function checkContent(content: Content, now: string, named: readonly string[] = []): void {
  if (content.status === 'published' && content.publishedAt === null) {
    throw invalidInput([fault('/publishedAt', 'What is published needs it; unpublish the article instead.')]);
  }
  const faultAt = (members: readonly [string, ...string[]], detail: string, detailOfOthers = detail): Fault => {
    const member = members.find((candidate) => named.includes(candidate)) ?? members[0];
    return fault(`/${member}`, member === members[0] ? detail : detailOfOthers);
  };
  const errors: Fault[] = [];
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + yearsAheadMax);
  if (content.sourceItemId !== null && content.sourceId === null)
    errors.push(
      faultAt(['sourceItemId', 'source'], 'It needs a source.', 'Clear sourceItemId too, which needs a source.'),
    );
  if (content.expiresAt !== null && content.publishedAt !== null && content.expiresAt <= content.publishedAt) {
    const before = `It must be before expiresAt, which is ${content.expiresAt}.`;
    errors.push(faultAt(['expiresAt', 'publishedAt', 'at'], 'It must be after publishedAt.', before));
  }
  if (content.publishedAt !== null && content.publishedAt > limit.toISOString()) {
    errors.push(faultAt(['publishedAt', 'at'], `It may be at most ${yearsAheadMax} years ahead.`));
  }
  if (errors.length > 0) throw unprocessable('unprocessable', 'These values do not go together.', errors);
}
