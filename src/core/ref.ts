import { notFound } from './errors.ts';
import { isId } from './ids.ts';
import { isReserved, isWrittenAsSlug, slugify } from './slug.ts';
import { textFault } from './text.ts';

/** How a caller names a thing: by its id or by its slug. */
export type Ref = { readonly id: string } | { readonly slug: string };

/** Reads an id, or a slug in any spelling or case; null for what can be neither, as ill-formed text. */
export function readRef(text: string): Ref | null {
  if (isId(text)) return { id: text };
  const slug = isWrittenAsSlug(text) ? text : textFault(text) === undefined ? slugify(text) : '';
  return slug === '' || isReserved(slug) ? null : { slug };
}

/** The same for a path segment, where what can be neither is not found. */
export function refOf(segment: string): Ref {
  const ref = readRef(segment);
  if (ref === null) throw notFound();
  return ref;
}

/** By which of the two a reference names its thing. */
export const kindOfRef = (ref: Ref): 'id' | 'slug' => ('id' in ref ? 'id' : 'slug');

/** The one word of a reference. */
export const keyOf = (ref: Ref): string => ('id' in ref ? ref.id : ref.slug);

/** The words of some references: their ids and their slugs. */
export const splitRefs = (refs: readonly Ref[]): { ids: string[]; slugs: string[] } => ({
  ids: refs.flatMap((ref) => ('id' in ref ? [ref.id] : [])),
  slugs: refs.flatMap((ref) => ('slug' in ref ? [ref.slug] : [])),
});

export const sameRef = (ref: Ref, thing: { id: string; slug: string }): boolean =>
  'id' in ref ? ref.id === thing.id : ref.slug === thing.slug;
