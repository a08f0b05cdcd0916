import { isCount, otherWriting } from './bangla/counts.ts';
import { isLastLetterName, isLetterName } from './bangla/letters.ts';
import { banglaTerms, isVerbTerm, lettersOf, nounStems } from './bangla/stem.ts';
import type { CutWord } from './cut.ts';
import { wordKey } from './key.ts';
import type { Alternative } from './query-parts.ts';

/** One more way to meet clauses, and which ones. */
export type Widening = { of: readonly number[]; alternative: Alternative<string> };

const isBangla = (words: readonly CutWord[]) => words.every(({ script }) => script === 'bangla');

/** The stems of words joined. An ending may not take the last of them away: গুলি is one, and a word. But ফাই of ওয়াই ফাই ends in one. */
function joinedWord(words: readonly CutWord[], of: readonly number[], titleOnly: boolean): Widening[] {
  const keys = words.map(({ key }) => key);
  const before = keys.slice(0, -1).join('');
  const isLeft = (stem: string) => {
    const letters = lettersOf(stem) - lettersOf(before);
    return letters > 1 || (letters > 0 && stem.startsWith(before));
  };
  const terms = nounStems(wordKey(keys.join(''))).filter(isLeft);
  return terms.length === 0 ? [] : [{ of, alternative: { slots: [{ terms }], titleOnly } }];
}

/**
 * Neighbours written as one word: মেট্রো রেল as মেট্রোরেল, in titles. Both clauses get the joined word, since `(a|ab) & (b|ab)`
 * is `(a & b) | ab`. What was typed without a space (বি.এন.পি) is joined anywhere.
 */
export function joinedAlternatives(clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]): Widening[] {
  const found: Widening[] = [];
  for (const [index, words] of clauses.entries()) {
    if (words.length > 1 && isBangla(words) && (quoted[index] !== true || words.length === 2))
      found.push(...joinedWord(words, [index], quoted[index] === true));
    const next = clauses[index + 1] ?? [];
    if (words.length === 1 && next.length === 1 && quoted[index] !== true && quoted[index + 1] !== true) {
      const both = [...words, ...next];
      if (isBangla(both)) found.push(...joinedWord(both, [index, index + 1], true));
    }
  }
  return found;
}

/** How many words from here on are names of letters, as in জি এম কাদের. */
function lettersFrom(words: readonly (CutWord | undefined)[]): number {
  let count = 0;
  while (isLetterName(words[count]?.key ?? '')) count += 1;
  return count > 0 && isLastLetterName(words[count]?.key ?? '') ? count + 1 : count;
}

const asOneWord = (words: readonly CutWord[]) => ({ terms: banglaTerms(words.map(({ key }) => key).join('')) });

/** Names of letters that were typed apart as texts have them too, joined: জি.এম.কাদের as জিএম কাদের. */
export function letterAlternatives(clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]): Widening[] {
  const found: Widening[] = [];
  const single = clauses.map((words, index) => (words.length === 1 && quoted[index] !== true ? words[0] : undefined));
  for (let index = 0; index < clauses.length; index += 1) {
    const words = clauses[index] ?? [];
    const inside = lettersFrom(words);
    if (words.length > 1 && inside > 1) {
      const rest = words.slice(inside).map(({ terms }) => ({ terms }));
      const slots = [asOneWord(words.slice(0, inside)), ...rest];
      found.push({ of: [index], alternative: { slots, titleOnly: false } });
    }
    const apart = lettersFrom(single.slice(index));
    if (apart < 2) continue;
    const run = single.slice(index, index + apart).flatMap((word) => word ?? []);
    const of = run.map((_, at) => index + at);
    found.push({ of, alternative: { slots: [asOneWord(run)], titleOnly: false } });
    index += apart - 1;
  }
  return found;
}

const isVerb = ({ terms }: CutWord) => terms.some(isVerbTerm);

/** Where a word may be two: before a letter that is no half of a conjunct, with two letters at least on both sides. */
function splitsOf(key: string): [string, string][] {
  const splits: [string, string][] = [];
  for (let at = 2; at < key.length - 1; at += 1) {
    const [left, right] = [key.slice(0, at), key.slice(at)];
    if (
      /^[\u0985-\u09B9\u09DC-\u09DF]/.test(right) &&
      !left.endsWith('\u09CD') &&
      lettersOf(left) > 1 &&
      lettersOf(right) > 1
    )
      splits.push([left, right]);
  }
  return splits;
}

/** তিনজন is ৩ জন too. */
const withDigits = (key: string) => [...banglaTerms(key), ...(isCount(key) ? [otherWriting(key) ?? key] : [])];

/** A word as two neighbours: বিদ্যুৎকেন্দ্র as বিদ্যুৎ কেন্দ্র, in titles. Cuts near the middle come first. */
export function splitAlternatives(clauses: readonly (readonly CutWord[])[]): Widening[] {
  const found: (Widening & { off: number })[] = [];
  for (const [index, [word, next]] of clauses.entries()) {
    if (word === undefined || next !== undefined || word.script !== 'bangla' || isVerb(word)) continue;
    for (const [left, right] of splitsOf(word.key)) {
      const slots = [{ terms: withDigits(wordKey(left)) }, { terms: banglaTerms(right) }];
      found.push({ of: [index], alternative: { slots, titleOnly: true }, off: Math.abs(left.length - right.length) });
    }
  }
  return found.sort((a, b) => a.off - b.off);
}
