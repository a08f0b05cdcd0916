import { notFound } from './errors.ts';
import { identityKey } from './identity-key.ts';
import { readRef } from './ref.ts';
import { textFault } from './text.ts';

/**
 * How a caller names a tag or source: by its id, or by what it is called. `called` is a slug, or a line break and the identity
 * key of a name with a sign that tells it from others: C, C# and C++ have one slug and three keys.
 */
export type LabelRef = { readonly id: string } | { readonly called: string };

/** Symbols, but for those that are typed as apostrophes. A slug loses them, and so it may be that of another name. */
const tellingSigns = /[\p{Sm}\p{Sc}\p{So}#&@/\\*%＃＆＠／＼＊％]/u;

/** Reads an id, a slug in any spelling or case, or a name with a telling sign. Null for text that can be none of these. */
export function readLabelRef(text: string): LabelRef | null {
  if (!tellingSigns.test(text)) {
    const ref = readRef(text);
    return ref === null || 'id' in ref ? ref : { called: ref.slug };
  }
  const key = textFault(text) === undefined ? identityKey(text) : '';
  return key === '' ? null : { called: `\n${key}` };
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
export const shownLabel = (ref: LabelRef): string => keyOfLabel(ref).trim();

/** The sentence for one that a body names and that is not there. */
export const unknownLabel = (noun: string, ref: LabelRef): string =>
  `No ${noun} has the id, slug or name ${shownLabel(ref)}; name one by those, or make it first.`;

export const splitLabelRefs = (refs: readonly LabelRef[]): { ids: string[]; called: string[] } => ({
  ids: refs.flatMap((ref) => ('id' in ref ? [ref.id] : [])),
  called: refs.flatMap((ref) => ('called' in ref ? [ref.called] : [])),
});

/** The identity key of a name that no slug stands for, as of C++. Null for others, which are found by their slug. */
export const keyWithoutSlug = (name: string): string | null => (tellingSigns.test(name) ? identityKey(name) : null);
