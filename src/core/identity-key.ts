import { silentSigns } from './silent-signs.ts';
import { cleanText } from './text.ts';

/** The version of the folding, stored with each key. Keys of an earlier version are computed again at start. */
export const identityVersion = 2;

/** Letters that serve as an apostrophe in names written in other scripts. A slug keeps them, because people read it. */
const apostropheLetters = /[\u02B9\u02BD-\u02BF\u02EE\u07F4\u07F5\uA78B\uA78C]/g;
/** Without U+FFE3, which NFKC turns into a space and a combining mark. */
const fullWidth = /[\uFF01-\uFF60\uFFE0-\uFFE2\uFFE4-\uFFE6]/g;

/**
 * Tags and sources are unique by this key. It is the cleaned text without joiners, apostrophes, variation selectors and
 * keycaps, with full-width forms as plain ones, in lower case, with single spaces. All other punctuation stays: C, C++
 * and C# have three keys. It folds less than the search key: দীন and দিন stay two tags, but the two spellings of রয়টার্স
 * are one source. Idempotent.
 */
export function identityKey(text: string): string {
  const plain = cleanText(text).replace(fullWidth, (sign) => sign.normalize('NFKC'));
  const folded = plain.replace(silentSigns, '').replace(apostropheLetters, '').toLowerCase();
  return collapsed(folded);
}

/** The key as version 1 made it, which removed only ZWJ and ZWNJ. A name whose new key is taken by another keeps this one. */
export function formerIdentityKey(text: string): string {
  const folded = cleanText(text)
    .replace(/[\u200C\u200D]/g, '')
    .toLowerCase();
  return collapsed(folded);
}

/** Cleaned again: after removing signs or lower-casing, a letter may compose with its mark. */
const collapsed = (folded: string) => cleanText(folded).replace(/\s+/g, ' ');
