import { amountAt, brokenAmountAt, mayBeginAmount } from './amounts.ts';
import { isLastLetterName, isLetterName } from './bangla/letters.ts';
import { banglaTerms } from './bangla/stem.ts';
import { type CutWord, cutWords } from './cut.ts';
import { dictionaryOf, type StemOf } from './dictionaries.ts';

/** A change of the rules or their lists gives other terms for the same text, so all texts must be indexed anew. */
export const rulesVersion = 6;

/** One term of a text for its `tsvector`. Positions begin at 1 and are not capped. */
export type Term = { term: string; position: number };

/** The mark of a term that is a word as it stands, with its ending, and no stem. No word begins with it. */
export const wholeMark = '=';

/**
 * The terms of a cleaned text. With `wholes`, each word is there as it stands too, marked: a title's rank asks for it.
 * `stemOf` answers for words in other letters than Bangla's.
 */
export function indexTerms(
  text: string,
  stemOf: StemOf,
  { language, wholes = false }: { language?: string | undefined; wholes?: boolean } = {},
): Term[] {
  const dictionary = dictionaryOf(language);
  const terms: Term[] = [];
  for (const word of withJoined(text, cutWords(text))) {
    for (const term of termsOf(word, stemOf, dictionary)) terms.push({ term, position: word.position });
    for (const term of word.parts) terms.push({ term, position: word.position });
    if (wholes) terms.push({ term: wholeMark + word.key, position: word.position });
  }
  return terms;
}

/** The terms of one word. */
export const termsOf = (word: CutWord, stemOf: StemOf, dictionary: string): readonly string[] =>
  word.script === 'other' ? [stemOf({ word: word.key, dictionary })] : word.terms;

/**
 * The words with those that several of them make together. Short parts with dots are one word too: বি.এন.পি is বিএনপি, U.S. is
 * us; so are the names of letters that stand apart: জি এম; so is a letter beside a hyphen: ই-পাসপোর্ট, জেন-জি; and ৩ হাজার ২৬০ is a
 * number.
 */
export function withJoined(text: string, words: readonly CutWord[]): readonly CutWord[] {
  const made: CutWord[] = [];
  let last = -1;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    if (mayBeginAmount(word)) made.push(...amountWord(text, words, index));
    if (index < last || !mayTie(word, text.charCodeAt(word.end))) continue;
    last = index;
    while (isTied(text, words[last], words[last + 1])) last += 1;
    if (last > index && last - index < tiedMax) made.push(joinedWord(words.slice(index, last + 1)));
  }
  return made.length === 0 ? words : [...words, ...made];
}

/** More parts are no abbreviation. */
const tiedMax = 8;

/** A dot, a hyphen or a dash; after the name of a letter also a space. */
const mayTie = (word: CutWord, unit: number) =>
  unit === 0x20 ? isLetterName(word.key) : unit === 0x2e || unit === 0x2d || (unit >= 0x2010 && unit <= 0x2013);

function amountWord(text: string, words: readonly CutWord[], index: number): CutWord[] {
  const [before, word, next] = [words[index - 1], words[index], words[index + 1]];
  const isDotted = (left: CutWord | undefined, right: CutWord | undefined) =>
    left?.script === 'number' && text.slice(left.end, right?.start) === '.';
  const amount = brokenAmountAt(words, index, isDotted(word, next)) ?? amountAt(words, index);
  if (word === undefined || amount === undefined) return [];
  // ৫.৭ লাখ is not ৭ লাখ, nor সাড়ে ৭ লাখ.
  if (
    isDotted(before, word) ||
    (before !== undefined && brokenAmountAt(words, index - 1, false)?.words === amount.words + 1)
  )
    return [];
  const end = words[index + amount.words - 1]?.end ?? word.end;
  return [{ ...word, script: 'number', key: amount.value, terms: [amount.value], parts: [], end }];
}

const isShort = (word: CutWord, max: number) => word.script !== 'number' && [...word.key].length <= max;

function isTied(text: string, left: CutWord | undefined, right: CutWord | undefined): boolean {
  if (left === undefined || right === undefined || left.script !== right.script) return false;
  const between = text.slice(left.end, right.start);
  if (/^(?:\. ?| |[-\u2010-\u2013])$/.test(between) && isLetterName(left.key) && isLastLetterName(right.key))
    return true;
  if (between === '.') return isShort(left, 3) && isShort(right, 3);
  const isOne = isShort(left, 2) || isLetterName(right.key);
  return /^[-\u2010-\u2013]$/.test(between) && isOne && right.script !== 'number';
}

function joinedWord(parts: readonly CutWord[]): CutWord {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) throw new Error('Nothing to join');
  const key = parts.map((part) => part.key).join('');
  return { ...first, key, end: last.end, parts: [], terms: first.script === 'bangla' ? banglaTerms(key) : [] };
}
