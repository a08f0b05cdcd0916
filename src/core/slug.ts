import { isId } from './ids.ts';
import { silentSigns } from './silent-signs.ts';
import { cleanText, codePoints } from './text.ts';

/** 80 code points are at most 320 bytes, so the cap in bytes, which the index needs, holds without a check of its own. */
export const slugCodePointsMax = 80;
export const slugBytesMax = 600;

/** Starts at a letter or digit, so a mark that follows none falls between two words. */
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
 * Empty when nothing is left (punctuation, one emoji). The slug of a slug is that slug, so the same function
 * serves titles, slugs that editors give, and look-ups in another spelling or in capitals.
 */
export function slugify(text: string): string {
  // A lone surrogate goes first: taking out what follows could pair it with another into a character.
  const spoken = cleanText(text.replace(/\p{Cs}/gu, ' '))
    .replace(silentSigns, '')
    .toLowerCase();
  // Cleaned again, since a joiner that went and lower case both let a letter compose with its mark.
  return cut((cleanText(spoken).match(words) ?? []).join('-'), slugCodePointsMax);
}

/** What every letter of a slug is: in lower case, with at most four marks, none of them of those that go. */
const slugLetter = '[\\p{Ll}\\p{Lo}\\p{Nd}](?:(?![\\p{Variation_Selector}\\u20E3])\\p{M}){0,4}';
const slugPattern = new RegExp(`^(?:${slugLetter})+(?:-(?:${slugLetter})+)*$`, 'u');

/** Whether a text is its own slug, told quickly: most addresses carry one. A text of which this is false may still be. */
export const isWrittenAsSlug = (text: string): boolean =>
  text.length <= slugCodePointsMax && slugPattern.test(text) && text.normalize('NFC') === text;

/** `slug-2`: the slug gives way to its counter at the cap. `n` is a positive integer; an empty slug gives `n` alone. */
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

/** Cuts at the last hyphen that fits, or else in a single long word, between whole letters with their signs. */
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
  // One conjunct or Hangul cluster, longer than a slug may be: still never between a letter and its sign.
  return /^\p{M}/u.test(slug.slice(unit)) ? slug.slice(0, unit).search(/\P{M}\p{M}*$/u) : unit;
}
