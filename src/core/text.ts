/**
 * Human text as it is stored: one spelling for each word, nothing invisible that a newsroom did not mean.
 * The order is fixed: `textFault` on the raw value, then a clean, then the caps, since NFC can lengthen Bangla.
 */

/** why a text is refused; `undefined` when fine */
export type TextFault = 'null-character' | 'lone-surrogate' | 'combining-marks' | 'tag-character';

/** Zero-width space, BOM, soft hyphen and every bidi control. ZWJ and ZWNJ carry meaning in Bangla and stay. */
const unseen = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;
/** C0 and C1 controls that are neither a line break nor a tab */
const controls = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F]/g;
const breaksAndTabs = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const lineBreak = /\r\n|[\v\f\r\u0085\u2028\u2029]/g;
/** Anything but spaces and what shows only beside others: joiners, variation selectors, fillers, the word joiner. */
const seen = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** `normalize` takes quadratic time over a long row of marks (350,000 of them: 30 s), so a row is cut first. */
const endlessRow = /(?<!\p{M})(\p{M}{32})\p{M}+/gu;
const nineMarks = /(?<!\p{M})\p{M}{9}/u;

/** A subdivision flag, such as Scotland's: three to seven tag letters and digits, which is too few to hide a text in. */
const wholeFlag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,7}\u{E007F}/gu;
const tagCharacter = /[\u{E0000}-\u{E007F}]/u;

/**
 * Checks the raw value, since a clean takes out U+0000 and can join what stood apart.
 * More than 8 combining marks (`\p{M}`) in a row are refused as sent and as stored; an invisible character
 * does not end a row.
 */
export function textFault(raw: string): TextFault | undefined {
  if (raw.includes('\u0000')) return 'null-character';
  if (/\p{Cs}/u.test(raw)) return 'lone-surrogate';
  if (tagCharacter.test(raw.replace(wholeFlag, ''))) return 'tag-character';
  if (hasTooManyMarks(raw) || hasTooManyMarks(cleanMultiline(raw))) return 'combining-marks';
  return undefined;
}

/**
 * Single-line text: NFC, ত + hasanta + ZWJ as ৎ, no BOM, zero-width space, soft hyphen, bidi control or other control
 * character; NBSP is a space, and so is a run of line breaks (LF, CR, VT, FF, NEL, U+2028, U+2029) and tabs; trimmed.
 * Other spaces, joiners, emoji, digits, quotes and danda stay as typed, but where there is nothing else to see there is
 * no text. A second clean changes nothing.
 */
export function cleanText(raw: string): string {
  return oneSpelling(withoutUnseen(raw).replace(breaksAndTabs, ' ')).trim();
}

/** As `cleanText`, but a line break of any kind is one LF, and tabs and blank lines stay. */
export function cleanMultiline(raw: string): string {
  return oneSpelling(withoutUnseen(raw).replace(lineBreak, '\n')).trim();
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** A lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function hasTooManyMarks(text: string): boolean {
  return nineMarks.test(text.replace(controls, '').replace(/\p{Cf}/gu, ''));
}

/** Comes before all else: a character that goes may stand inside CRLF, ত্ + ZWJ, or a letter and its mark. */
function withoutUnseen(raw: string): string {
  return raw.replace(unseen, '').replace(controls, '').replaceAll('\u00A0', ' ');
}

function oneSpelling(text: string): string {
  // Cut again: NFC makes two marks of U+0344.
  const composed = text.replace(endlessRow, '$1').normalize('NFC').replace(endlessRow, '$1');
  return seen.test(composed) ? composed.replaceAll('\u09A4\u09CD\u200D', '\u09CE') : '';
}
