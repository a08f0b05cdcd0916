import { factorOf } from './bangla/counts.ts';
import { banglaTerms } from './bangla/stem.ts';
import type { CutWord } from './cut.ts';
import { wordKey } from './key.ts';

/** Words that multiply the number before them. */
const multipliers = {
  শ: 100,
  শত: 100,
  হাজার: 1_000,
  লাখ: 100_000,
  লক্ষ: 100_000,
  কোটি: 10_000_000,
  মিলিয়ন: 1_000_000,
};

let byTerm: ReadonlyMap<string, number> | undefined;

/** Made when first asked for: with them the forms of all verbs are, which would take a tenth of the program's start. */
const termsOfMultipliers = () =>
  new Map(
    Object.entries(multipliers).flatMap(([word, times]) =>
      banglaTerms(wordKey(word)).map((term) => [term, times] as const),
    ),
  );

function timesOf(word: CutWord | undefined): number {
  if (word?.script !== 'bangla') return 0;
  byTerm ??= termsOfMultipliers();
  return Math.max(0, ...word.terms.map((term) => byTerm?.get(term) ?? 0));
}

/** Longer rows of digits are no amounts that anybody reads. */
const digitsMax = 7;

/** The number of a word, in digits or written out: 2 of ২ and of দুই. */
function numberOf(word: CutWord | undefined): number | undefined {
  if (word?.script === 'number') return word.key.length <= digitsMax ? Number(word.key) : undefined;
  for (const term of word?.script === 'bangla' ? word.terms : []) {
    const factor = factorOf(term);
    if (factor !== undefined) return factor;
  }
  return undefined;
}

/** An amount and how many words it was written with. */
export type Amount = { value: string; words: number };

/**
 * The amount that begins at a word, where it is written with হাজার, লাখ or কোটি: ৩ হাজার ২৬০ and তিন হাজার ২৬০ are 3260. Each part
 * must be smaller than the one before it; what follows is not of it.
 */
export function amountAt(words: readonly CutWord[], index: number): Amount | undefined {
  let [value, below, at] = [0, Number.POSITIVE_INFINITY, index];
  for (
    let number = numberOf(words[at]);
    number !== undefined && follows(words, index, at);
    number = numberOf(words[at])
  ) {
    const times = follows(words, index, at + 1) ? timesOf(words[at + 1]) : 0;
    if (times > 0 && times < below) {
      [value, below, at] = [value + number * times, times, at + 2];
      continue;
    }
    // What is written out counts only before a multiplier: ৩ লাখ এক is no number.
    if (at > index && number < below && words[at]?.script === 'number') [value, at] = [value + number, at + 1];
    break;
  }
  return at > index + 1 ? { value: String(Math.round(value)), words: at - index } : undefined;
}

/** Whether a word stands where it would if nothing were between it and the first. */
const follows = (words: readonly CutWord[], index: number, at: number): boolean =>
  words[at] !== undefined && words[at].position - (words[index]?.position ?? 0) === at - index;

/** Words before a number that add a part of one to it. */
const parts: ReadonlyMap<string, number> = new Map(
  Object.entries({ সাড়ে: 0.5, সোয়া: 0.25, পৌনে: -0.25 }).map(([word, part]) => [wordKey(word), part] as const),
);
const point = wordKey('দশমিক');

/** The number of two words with a point between them, which is left out of the words where it is a dot. */
const decimal = (whole: CutWord, part: CutWord | undefined): number | undefined =>
  whole.script === 'number' && part?.script === 'number' && whole.key.length + part.key.length <= digitsMax
    ? Number(`${whole.key}.${part.key}`)
    : undefined;

/** A number that is none of whole ones, and how many words it has: 3.5 of সাড়ে তিন, of ৩ দশমিক ৫ and, where `isDotted`, of ৩ ৫. */
function brokenNumber(
  [first, second, third]: readonly CutWord[],
  isDotted: boolean,
): readonly [number | undefined, number] {
  if (first === undefined) return [undefined, 0];
  const part = parts.get(first.key);
  const whole = part === undefined ? undefined : numberOf(second);
  if (part !== undefined && whole !== undefined) return [whole + part, 2];
  if (isDotted) return [decimal(first, second), 2];
  return [second?.key === point ? decimal(first, third) : undefined, 3];
}

/** The amount of a number with a part of one that begins at a word: ১.১ কোটি and সাড়ে ৩ লাখ. */
export function brokenAmountAt(words: readonly CutWord[], index: number, isDotted: boolean): Amount | undefined {
  const row = words.slice(index, index + 4).filter((_, at) => follows(words, index, index + at));
  const [number, count] = brokenNumber(row, isDotted);
  const times = timesOf(row[count]);
  if (number === undefined || times === 0) return undefined;
  return { value: String(Math.round(number * times)), words: count + 1 };
}

/** Whether an amount may begin at a word. */
export const mayBeginAmount = (word: CutWord): boolean => numberOf(word) !== undefined || parts.has(word.key);
