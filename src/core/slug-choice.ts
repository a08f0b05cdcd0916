import { bodyFault, invalidInput } from './errors.ts';
import { isReserved, slugify, withSuffix } from './slug.ts';

const refusedSlug = (detail: string) => invalidInput([bodyFault('/slug', detail)]);

/**
 * A slug given by a caller, as it is stored. Throws 400 if nothing is left of it or if it is reserved. The current slug may
 * always be sent back, even if it is the id of the thing.
 */
export function givenSlug(text: string, current?: string): string {
  const slug = slugify(text);
  if (slug !== '' && slug === current) return slug;
  if (slug === '') throw refusedSlug('Use letters or digits: nothing is left of this slug.');
  if (isReserved(slug)) throw refusedSlug('This slug reads as an id or as an address of the API; use another.');
  return slug;
}

/** The slug itself for 1, then `-2`, `-3` and so on. */
const numbered = (base: string, number: number): string => (number === 1 ? base : withSuffix(base, number));

/**
 * The slug derived from a title or name, with a number if needed. If nothing is left of the text, it is the id. A reserved
 * slug always gets a number.
 */
export function derivedSlug(text: string, id: string, number: number): { base: string; slug: string } {
  const base = slugify(text) || id;
  const least = base !== id && isReserved(base) ? 2 : 1;
  return { base, slug: numbered(base, Math.max(least, number)) };
}
