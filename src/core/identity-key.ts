import { cleanText } from './text.ts';

/**
 * What tags and sources are unique by: the cleaned text without ZWJ and ZWNJ, in lower case, with single spaces.
 * Lighter than the search key: দীন and দিন stay two tags, the two spellings of রয়টার্স are one source.
 * The key of a key is that key.
 */
export function identityKey(text: string): string {
  const folded = cleanText(text)
    .replace(/[\u200C\u200D]/g, '')
    .toLowerCase();
  // Cleaned again, since a joiner that went and lower case both let a letter compose with its mark.
  return cleanText(folded).replace(/\s+/g, ' ');
}
