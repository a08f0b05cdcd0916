import { silentSigns } from './silent-signs.ts';
import { cleanText } from './text.ts';

/** Stored with each key: which form of the folding made it. Keys of an earlier form are made anew at start. */
export const identityVersion = 2;

/** Letters that stand for an apostrophe in names written in other scripts. A slug keeps them, for it is read. */
const apostropheLetters = /[\u02B9\u02BD-\u02BF\u02EE\u07F4\u07F5\uA78B\uA78C]/g;
/** All but U+FFE3, of which NFKC makes a space and a mark. */
const fullWidth = /[\uFF01-\uFF60\uFFE0-\uFFE2\uFFE4-\uFFE6]/g;

/**
 * What tags and sources are unique by: the cleaned text without joiners, apostrophes, variation selectors and keycaps,
 * full-width forms as the plain ones, in lower case, with single spaces. All other punctuation stays: C, C++ and C# are
 * three. Lighter than the search key: দীন and দিন stay two tags, the two spellings of রয়টার্স are one source.
 * The key of a key is that key.
 */
export function identityKey(text: string): string {
  const plain = cleanText(text).replace(fullWidth, (sign) => sign.normalize('NFKC'));
  const folded = plain.replace(silentSigns, '').replace(apostropheLetters, '').toLowerCase();
  return collapsed(folded);
}

/** The key that the first form made, which let only ZWJ and ZWNJ go. A name that met another one's key has it still. */
export function formerIdentityKey(text: string): string {
  const folded = cleanText(text)
    .replace(/[\u200C\u200D]/g, '')
    .toLowerCase();
  return collapsed(folded);
}

/** Cleaned again, since what went and lower case both let a letter compose with its mark. */
const collapsed = (folded: string) => cleanText(folded).replace(/\s+/g, ' ');
