/**
 * Human text as it is stored: one spelling for each word, and no invisible characters that nobody meant to type.
 * The order is fixed: check the raw value (`textFault`), clean it, then measure it, because NFC can lengthen Bangla.
 */

/** why a text is refused; `undefined` when fine */
export type TextFault = 'null-character' | 'lone-surrogate' | 'combining-marks' | 'tag-character';

/** Zero-width space, BOM, soft hyphen and every bidi control. ZWJ and ZWNJ carry meaning in Bangla and stay. */
const unseen = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;
/** C0 and C1 controls that are neither a line break nor a tab */
const controls = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F]/g;
const breaksAndTabs = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const lineBreak = /\r\n|[\v\f\r\u0085\u2028\u2029]/g;
/** Anything but spaces and characters that are invisible alone: joiners, variation selectors, fillers, the word joiner. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** `normalize` takes quadratic time over a long row of marks (350,000 of them: 30 s), so a row is cut first. */
const endlessRow = /(?<!\p{M})(\p{M}{32})\p{M}+/gu;
/** A subdivision flag, such as Scotland's: three to seven tag letters and digits, which is too few to hide a text in. */
const wholeFlag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,7}\u{E007F}/gu;
const tagCharacter = /[\u{E0000}-\u{E007F}]/u;

const markBit = 1;
/** Does not end a row of marks: controls, which are removed, and format characters. */
const passingBit = 2;
const unseenBit = 4;
const controlBit = 8;
const breakBit = 16;
const marksMax = 8;

/** What each UTF-16 code unit outside of a surrogate pair is. Made at first use. */
let kinds: Uint8Array | undefined;

function kindsOfUnits(): Uint8Array {
  if (kinds !== undefined) return kinds;
  const made = new Uint8Array(0x10000);
  const all = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('');
  const classes: [RegExp, number][] = [
    [/\p{M}/gu, markBit],
    [/\p{Cf}/gu, passingBit],
    [controls, controlBit | passingBit],
    [unseen, unseenBit],
    [breaksAndTabs, breakBit],
  ];
  for (const [pattern, bit] of classes) {
    for (const [found] of all.matchAll(pattern)) {
      for (let index = 0; index < found.length; index += 1) {
        const unit = found.charCodeAt(index);
        made[unit] = (made[unit] ?? 0) | bit;
      }
    }
  }
  kinds = made;
  return made;
}

/** What one pass over a text found, so that later steps need not look for what is not there. */
type Seen = {
  kinds: number;
  longestRow: number;
  nullCharacter: boolean;
  loneSurrogate: boolean;
  tags: boolean;
  pairs: number;
};

const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

function kindOfPair(character: string): number {
  if (/\p{M}/u.test(character)) return markBit;
  return /\p{Cf}/u.test(character) ? passingBit : 0;
}

function look(text: string): Seen {
  const table = kindsOfUnits();
  const seen = { kinds: 0, longestRow: 0, nullCharacter: false, loneSurrogate: false, tags: false, pairs: 0 };
  let row = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    let kind = table[unit] ?? 0;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(index + 1);
      if (isLow(unit) || !isLow(next)) seen.loneSurrogate = true;
      else {
        kind = kindOfPair(text.slice(index, index + 2));
        if (unit === 0xdb40 && next <= 0xdc7f) seen.tags = true;
        seen.pairs += 1;
        index += 1;
      }
    } else if (unit === 0) seen.nullCharacter = true;
    seen.kinds |= kind;
    if (kind & markBit) {
      row += 1;
      if (row > seen.longestRow) seen.longestRow = row;
    } else if ((kind & passingBit) === 0) row = 0;
  }
  return seen;
}

function faultOf(raw: string, seen: Seen): TextFault | undefined {
  if (seen.nullCharacter) return 'null-character';
  if (seen.loneSurrogate) return 'lone-surrogate';
  if (seen.tags && tagCharacter.test(raw.replace(wholeFlag, ''))) return 'tag-character';
  return seen.longestRow > marksMax ? 'combining-marks' : undefined;
}

/**
 * Checks the raw value, because cleaning removes U+0000 and can join characters that stood apart.
 * More than 8 combining marks (`\p{M}`) in a row are refused, both as sent and as stored. An invisible character does not
 * end a row.
 */
export function textFault(raw: string): TextFault | undefined {
  const read = readText(raw, 'lines');
  return 'fault' in read ? read.fault : undefined;
}

/** The text as it is stored, with its length; or why it is refused. A line break becomes LF (`lines`) or a space (`line`). */
export function readText(
  raw: string,
  kind: 'line' | 'lines',
): { fault: TextFault } | { text: string; codePoints: number } {
  const seen = look(raw);
  const fault = faultOf(raw, seen);
  if (fault !== undefined) return { fault };
  const text = clean(raw, seen, kind);
  const after = text === raw ? seen : look(text);
  if (after.longestRow > marksMax) return { fault: 'combining-marks' };
  return { text, codePoints: text.length - after.pairs };
}

/**
 * Single-line text: NFC, ত + hasanta + ZWJ as ৎ, no BOM, zero-width space, soft hyphen, bidi control or other control
 * character; NBSP is a space, and so is a run of line breaks (LF, CR, VT, FF, NEL, U+2028, U+2029) and tabs; trimmed.
 * Other spaces, joiners, emoji, digits, quotes and danda stay as typed. A text without any visible character becomes empty.
 * Idempotent.
 */
export function cleanText(raw: string): string {
  return clean(raw, look(raw), 'line');
}

/** As `cleanText`, but a line break of any kind is one LF, and tabs and blank lines stay. */
export function cleanMultiline(raw: string): string {
  return clean(raw, look(raw), 'lines');
}

export function codePoints(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff || !isLow(text.charCodeAt(index + 1))) continue;
    pairs += 1;
    index += 1;
  }
  return text.length - pairs;
}

/** A lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Removes first: a removed character may stand inside CRLF, inside ত্ + ZWJ, or between a letter and its mark. */
function clean(raw: string, seen: Seen, kind: 'line' | 'lines'): string {
  let text = raw;
  if (seen.kinds & unseenBit) text = text.replace(unseen, '');
  if (seen.kinds & controlBit) text = text.replace(controls, '');
  text = text.replaceAll('\u00A0', ' ');
  if (seen.kinds & breakBit) text = kind === 'line' ? text.replace(breaksAndTabs, ' ') : text.replace(lineBreak, '\n');
  return oneSpelling(text, seen).trim();
}

function oneSpelling(text: string, { longestRow }: Seen): string {
  // Cut again: NFC turns U+0344 into two marks, and no mark into more than three.
  const cut = (row: string) => (longestRow > marksMax ? row.replace(endlessRow, '$1') : row);
  const composed = cut(cut(text).normalize('NFC'));
  return visible.test(composed) ? composed.replaceAll('\u09A4\u09CD\u200D', '\u09CE') : '';
}
