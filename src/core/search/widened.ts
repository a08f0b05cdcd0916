import { banglaTerms, isVerbTerm } from './bangla/stem.ts';
import type { CutWord } from './cut.ts';
import { wordKey } from './key.ts';
import type { Alternative } from './query-parts.ts';

/** One more way to meet clauses, and which ones. */
export type Widening = { of: readonly number[]; alternative: Alternative<string> };

const isBangla = (words: readonly CutWord[]) => words.every(({ script }) => script === 'bangla');

const oneWord = (key: string, titleOnly: boolean): Alternative<string> => ({
  slots: [{ terms: banglaTerms(key) }],
  titleOnly,
});

const joinedKey = (words: readonly CutWord[]) => wordKey(words.map(({ key }) => key).join(''));

/**
 * Neighbours written as one word: মেট্রো রেল as মেট্রোরেল, in titles. Both clauses get the joined word, since `(a|ab) & (b|ab)`
 * is `(a & b) | ab`. What was typed without a space (বি.এন.পি) is joined anywhere.
 */
export function joinedAlternatives(clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]): Widening[] {
  const found: Widening[] = [];
  for (const [index, words] of clauses.entries()) {
    if (words.length > 1 && isBangla(words) && (quoted[index] !== true || words.length === 2))
      found.push({ of: [index], alternative: oneWord(joinedKey(words), quoted[index] === true) });
    const next = clauses[index + 1] ?? [];
    if (words.length === 1 && next.length === 1 && quoted[index] !== true && quoted[index + 1] !== true) {
      const both = [...words, ...next];
      if (isBangla(both)) found.push({ of: [index, index + 1], alternative: oneWord(joinedKey(both), true) });
    }
  }
  return found;
}

const isVerb = ({ terms }: CutWord) => terms.some(isVerbTerm);

const baseLetter = /[\u0985-\u09B9\u09CE\u09DC-\u09DF]/g;
const letters = (part: string) => part.match(baseLetter)?.length ?? 0;

/** Where a word may be two: before a letter that is no half of a conjunct, with two letters at least on both sides. */
function splitsOf(key: string): [string, string][] {
  const splits: [string, string][] = [];
  for (let at = 2; at < key.length - 1; at += 1) {
    const [left, right] = [key.slice(0, at), key.slice(at)];
    if (
      /^[\u0985-\u09B9\u09DC-\u09DF]/.test(right) &&
      !left.endsWith('\u09CD') &&
      letters(left) > 1 &&
      letters(right) > 1
    )
      splits.push([left, right]);
  }
  return splits;
}

/** A word as two neighbours: বিদ্যুৎকেন্দ্র as বিদ্যুৎ কেন্দ্র, in titles. Cuts near the middle come first. */
export function splitAlternatives(clauses: readonly (readonly CutWord[])[]): Widening[] {
  const found: (Widening & { off: number })[] = [];
  for (const [index, [word, next]] of clauses.entries()) {
    if (word === undefined || next !== undefined || word.script !== 'bangla' || isVerb(word)) continue;
    for (const [left, right] of splitsOf(word.key)) {
      const slots = [{ terms: banglaTerms(wordKey(left)) }, { terms: banglaTerms(right) }];
      found.push({ of: [index], alternative: { slots, titleOnly: true }, off: Math.abs(left.length - right.length) });
    }
  }
  return found.sort((a, b) => a.off - b.off);
}
