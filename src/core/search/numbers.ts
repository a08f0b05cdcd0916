import { amountAt, brokenAmountAt } from './amounts.ts';
import { counterWritings } from './bangla/counts.ts';
import { nounStems } from './bangla/stem.ts';
import type { CutWord } from './cut.ts';
import { wordKey } from './key.ts';
import type { Widening } from './widened.ts';

/** Numbers of a query as they are written besides. */

/** Of each clause its word, if it is one word without quotes. */
const singleWords = (clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]) =>
  clauses.map((words, index) => (words.length === 1 && quoted[index] !== true ? words[0] : undefined));

/** Words that are a number together, as that number: ৩ হাজার ২৬০ as 3260. Anywhere, since texts have it both ways. */
export function amountAlternatives(clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]): Widening[] {
  const single = singleWords(clauses, quoted);
  const found: Widening[] = [];
  for (const index of single.keys()) {
    const row = single.slice(index);
    const gap = row.indexOf(undefined);
    const words = (gap < 0 ? row : row.slice(0, gap)).flatMap((word, position) =>
      word ? [{ ...word, position }] : [],
    );
    const amount = brokenAmountAt(words, 0, false) ?? amountAt(words, 0);
    if (amount === undefined || (index > 0 && isPartOf(single[index - 1], words))) continue;
    const of = Array.from({ length: amount.words }, (_, at) => index + at);
    found.push({ of, alternative: { slots: [{ terms: [amount.value] }], titleOnly: false } });
  }
  return found;
}

/** ৩ লাখ after সাড়ে is no amount of its own. */
const isPartOf = (before: CutWord | undefined, words: readonly CutWord[]): boolean =>
  before !== undefined &&
  brokenAmountAt(
    [before, ...words].map((word, position) => ({ ...word, position })),
    0,
    false,
  ) !== undefined;

/** ১.১ কোটি as 11000000. */
export function brokenAlternatives(
  clauses: readonly (readonly CutWord[])[],
  quoted: readonly boolean[],
  dotted: readonly boolean[],
): Widening[] {
  return clauses.flatMap((words, index): Widening[] => {
    const [times, more] = clauses[index + 1] ?? [];
    if (dotted[index] !== true || quoted[index] === true || words.length !== 2 || times === undefined || more)
      return [];
    const row = [...words, times].map((word, position) => ({ ...word, position }));
    const amount = brokenAmountAt(row, 0, true);
    if (amount === undefined) return [];
    const slots = [{ terms: [amount.value] }];
    return [{ of: [index, index + 1], alternative: { slots, titleOnly: false } }];
  });
}

/** ৯ মাস as নয় মাস, and the other way round. Alone নয় is "is not". */
export function counterAlternatives(clauses: readonly (readonly CutWord[])[], quoted: readonly boolean[]): Widening[] {
  const single = singleWords(clauses, quoted);
  return single.flatMap((word, index): Widening[] => {
    const counted = single[index + 1];
    const written = word?.terms.flatMap(counterWritings) ?? [];
    if (written.length === 0 || counted?.script !== 'bangla') return [];
    const slots = [{ terms: written }, { terms: counted.terms }];
    return [{ of: [index, index + 1], alternative: { slots, titleOnly: false } }];
  });
}

const point = { terms: nounStems(wordKey('দশমিক')) };
const isPoint = (word: CutWord | undefined) => word?.terms.some((term) => point.terms.includes(term)) === true;
const isNumber = (word: CutWord | undefined) => word?.script === 'number';

/** ৮.১৭ as ৮ দশমিক ১৭, and the other way round. Words of a clause are numbers with a dot between them where `dotted` says so. */
export function decimalAlternatives(
  clauses: readonly (readonly CutWord[])[],
  quoted: readonly boolean[],
  dotted: readonly boolean[],
): Widening[] {
  const single = singleWords(clauses, quoted);
  return clauses.flatMap(([whole, part, more], index): Widening[] => {
    if (dotted[index] === true && more === undefined && isNumber(whole) && isNumber(part) && whole && part) {
      const slots = [{ terms: whole.terms }, point, { terms: part.terms }];
      return [{ of: [index], alternative: { slots, titleOnly: false } }];
    }
    const [left, word, right] = [single[index], single[index + 1], single[index + 2]];
    if (!isNumber(left) || !isPoint(word) || !isNumber(right) || !left || !right) return [];
    const slots = [{ terms: left.terms }, { terms: right.terms }];
    return [{ of: [index, index + 1, index + 2], alternative: { slots, titleOnly: false } }];
  });
}
