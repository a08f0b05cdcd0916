import { notFound } from './errors.ts';
import { isId } from './ids.ts';
import { isReserved, isWrittenAsSlug, slugify } from './slug.ts';
import { textFault } from './text.ts';

/** How a caller names a thing: by its id or by its slug. */
export type Ref = { readonly id: string } | { readonly slug: string };

/** Reads an id, or a slug in any spelling or case. Null for text that can be neither, for example ill-formed text. */
export function readRef(text: string): Ref | null {
  if (isId(text)) return { id: text };
  const slug = isWrittenAsSlug(text) ? text : textFault(text) === undefined ? slugify(text) : '';
  return slug === '' || isReserved(slug) ? null : { slug };
}

/** The same for a path segment. Throws 404 for text that can be neither. */
export function refOf(segment: string): Ref {
  const ref = readRef(segment);
  if (ref === null) throw notFound();
  return ref;
}

export const kindOfRef = (ref: Ref): 'id' | 'slug' => ('id' in ref ? 'id' : 'slug');

/** The id or slug itself. */
export const keyOf = (ref: Ref): string => ('id' in ref ? ref.id : ref.slug);

export const splitRefs = (refs: readonly Ref[]): { ids: string[]; slugs: string[] } => ({
  ids: refs.flatMap((ref) => ('id' in ref ? [ref.id] : [])),
  slugs: refs.flatMap((ref) => ('slug' in ref ? [ref.slug] : [])),
});

export const sameRef = (ref: Ref, thing: { id: string; slug: string }): boolean =>
  'id' in ref ? ref.id === thing.id : ref.slug === thing.slug;
