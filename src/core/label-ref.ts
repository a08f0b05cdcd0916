import { notFound } from './errors.ts';
import { identityKey } from './identity-key.ts';
import { readRef } from './ref.ts';
import { isWrittenAsSlug } from './slug.ts';
import { textFault } from './text.ts';

/**
 * How a caller names a tag or source: by its id, or by what it is called. `called` is a slug, if the text is written as one.
 * Otherwise it is a slug, a line break and the identity key of the text, which may be the name: C, C# and C++ have one slug
 * and three keys. The slug is empty if the text is not a spelling of one.
 */
export type LabelRef = { readonly id: string } | { readonly called: string };

/** Reads an id, a slug in any spelling or case, or a name. Null for text that can be none of these. */
export function readLabelRef(text: string): LabelRef | null {
  const ref = readRef(text);
  if (ref !== null && 'id' in ref) return ref;
  if (ref !== null && isWrittenAsSlug(text)) return { called: text };
  const key = textFault(text) === undefined ? identityKey(text) : '';
  return key === '' ? null : { called: `${ref?.slug ?? ''}\n${key}` };
}

/** The same for a path segment. Throws 404 for text that can be none of these. */
export function labelRefOf(segment: string): LabelRef {
  const ref = readLabelRef(segment);
  if (ref === null) throw notFound();
  return ref;
}

export const kindOfLabelRef = (ref: LabelRef): 'id' | 'called' => ('id' in ref ? 'id' : 'called');

/** The id, or what the label is called. */
export const keyOfLabel = (ref: LabelRef): string => ('id' in ref ? ref.id : ref.called);

/** The same for people to read. */
export const shownLabel = (ref: LabelRef): string => keyOfLabel(ref).replace(/^.*\n/, '');

export const splitLabelRefs = (refs: readonly LabelRef[]): { ids: string[]; called: string[] } => ({
  ids: refs.flatMap((ref) => ('id' in ref ? [ref.id] : [])),
  called: refs.flatMap((ref) => ('called' in ref ? [ref.called] : [])),
});

/**
 * The identity key of a name that no slug stands for, as of C++. Null for other names: who writes one of these finds the
 * label by its slug, now and later.
 */
export function keyWithoutSlug(name: string): string | null {
  const ref = readRef(name);
  return ref === null ? identityKey(name) : null;
}
