import { isId } from './ids.ts';
import { silentSigns } from './silent-signs.ts';
import { cleanText, codePoints } from './text.ts';

/** 80 code points are at most 320 bytes, so the limit in bytes, which the index needs, requires no check of its own. */
export const slugCodePointsMax = 80;
export const slugBytesMax = 600;

/** A word starts at a letter or digit; a combining mark that follows neither separates words. */
const words = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

const routeWords: ReadonlySet<string> = new Set([
  'articles',
  'bulk',
  'changes',
  'counts',
  'docs',
  'draft',
  'drafts',
  'events',
  'export',
  'feed',
  'feeds',
  'import',
  'items',
  'latest',
  'me',
  'media',
  'merge',
  'new',
  'openapi',
  'previews',
  'publish',
  'redirects',
  'search',
  'sources',
  'stream',
  'tags',
  'trash',
  'webhooks',
]);

/**
 * Lower-case letters, digits and their marks in NFC, words joined by one hyphen, at most `slugCodePointsMax`.
 * Empty when nothing is left (punctuation, one emoji). Idempotent, so the same function serves titles, slugs that
 * editors give, and look-ups in another spelling or in capitals.
 */
export function slugify(text: string): string {
  // Lone surrogates are removed first: removing a character between two of them could join them into a pair.
  const spoken = cleanText(text.replace(/\p{Cs}/gu, ' '))
    .replace(silentSigns, '')
    .toLowerCase();
  // Cleaned again: after removing joiners or lower-casing, a letter may compose with its mark.
  return cut((cleanText(spoken).match(words) ?? []).join('-'), slugCodePointsMax);
}

/** One letter of a slug: in lower case, with at most four combining marks, none of which `slugify` would remove. */
const slugLetter = '[\\p{Ll}\\p{Lo}\\p{Nd}](?:(?![\\p{Variation_Selector}\\u20E3])\\p{M}){0,4}';
const slugPattern = new RegExp(`^(?:${slugLetter})+(?:-(?:${slugLetter})+)*$`, 'u');

/** A quick test for a text that is already a slug, as in most addresses. If false, the text may still be one. */
export const isWrittenAsSlug = (text: string): boolean =>
  text.length <= slugCodePointsMax && slugPattern.test(text) && text.normalize('NFC') === text;

/** `slug-2`. The slug is shortened to make room for the number. `n` is a positive integer; an empty slug gives `n` alone. */
export function withSuffix(slug: string, n: number): string {
  const suffix = `-${n}`;
  const base = cut(slug, slugCodePointsMax - suffix.length);
  return base === '' ? String(n) : base + suffix;
}

/** Whether a slug reads as an id (a canonical UUID in any case) or as a word of a route. */
export function isReserved(slug: string): boolean {
  const lower = slug.toLowerCase();
  return isId(lower) || routeWords.has(lower);
}

/** Cuts at the last hyphen that fits. A single long word is cut between whole letters, each with its signs. */
function cut(slug: string, max: number): string {
  if (codePoints(slug) <= max) return slug;
  const end = lastWholeLetter(slug, [...slug].slice(0, max).join('').length);
  const head = slug.slice(0, end);
  const hyphen = head.lastIndexOf('-');
  return slug[end] === '-' || hyphen < 0 ? head : head.slice(0, hyphen);
}

/** The end of the last whole letter at or before a code unit. */
function lastWholeLetter(slug: string, unit: number): number {
  const segments = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(slug);
  const start = segments.containing(unit)?.index ?? unit;
  if (start > 0) return start;
  // One conjunct or Hangul cluster is longer than a slug may be: cut inside it, but never between a letter and its sign.
  return /^\p{M}/u.test(slug.slice(unit)) ? slug.slice(0, unit).search(/\P{M}\p{M}*$/u) : unit;
}
