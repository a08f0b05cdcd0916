import { wordKey } from '../key.ts';
import { fixedWords, irregularForms, keptWords } from './kept-words.ts';
import { latinOf } from './letters.ts';
import { verbForm } from './verbs.ts';

/** Consonants, independent vowels, ং and ঃ. */
const baseLetters = /[\u0982\u0983\u0985-\u09B9\u09DC-\u09DF]/g;
export const lettersOf = (word: string): number => word.match(baseLetters)?.length ?? 0;

const endsInVowel = (word: string) => /[\u0985-\u0994\u09BE-\u09CC]$/.test(word);

/** What may be left of a word: no half of a conjunct. */
const isWhole = (rest: string, lettersMin = 2) => !/\u09CD$/.test(rest) && lettersOf(rest) >= lettersMin;

/** What a rule makes of a word. `goesOn`: it may also be no ending at all, so the later rules see the whole word too. */
type Cut = { rests: readonly string[]; goesOn: boolean };
type Rule = (word: string) => Cut | undefined;

const only = (rest: string): Cut => ({ rests: [rest], goesOn: false });
const orNot = (rest: string): Cut => ({ rests: [rest], goesOn: true });

const without = (word: string, ending: string) =>
  word.length > ending.length && word.endsWith(ending) ? word.slice(0, -ending.length) : undefined;

/** Endings as keys have them: a key has one spelling of য়. */
const keyed = (endings: string) => endings.split(' ').map(wordKey);

const first = (word: string, endings: readonly string[], lettersMin = 2) => {
  for (const ending of endings) {
    const rest = without(word, ending);
    if (rest !== undefined && isWhole(rest, lettersMin)) return rest;
  }
  return undefined;
};

const joined = (stems: string, signs: string) =>
  keyed(stems).flatMap((stem) => [...keyed(signs), ''].map((sign) => stem + sign));
const counting = [...joined('গুলো গুলি গুলা টুকু', 'কে তে র য়'), ...keyed('টিকে টির টিতে টি টাকে টা সহ ভাবে')];
const collective = joined('গণ বৃন্দ সমূহ', 'কে ের ে');
const plural = keyed('েদেরকে দেরকে েদের দের');
const pluralByVowel = keyed('য়েদেরকে য়েদের');
const persons = keyed('েরা রা');
const genitives = keyed('ের এর');
const [ofVowel = '', byVowel = '', inVowel = '', finalY = ''] = keyed('য়ের য়েরা য়ে য়');

const rules: readonly Rule[] = [
  (word) => {
    const rest = first(word, counting) ?? first(word, collective, 3);
    return rest === undefined ? undefined : only(rest);
  },
  (word) => {
    const long = first(word, pluralByVowel);
    const rest = long !== undefined && takesY(long) ? long : first(word, plural);
    return rest === undefined ? undefined : orNot(rest);
  },
  genitive,
  (word) => {
    const long = first(word, [byVowel]);
    const rest = long !== undefined && takesY(long) ? long : first(word, persons);
    return rest === undefined ? undefined : only(rest);
  },
  (word) => {
    const rest = first(word, ['কে']) ?? first(word, ['তে']);
    return rest === undefined || (word.endsWith('তে') && !endsInVowel(rest)) ? undefined : orNot(rest);
  },
  locative,
  (word) => {
    const rest = first(word, ['ই', 'ও', 'ো']);
    return rest === undefined || (word.endsWith('ো') && [...rest].length < 3) ? undefined : only(rest);
  },
];

/** Where -ের, -েরা and -ে have a য় before them (ভাইয়ের, বেইজিংয়ে). After ি and ু the য় is the word's own: আত্মীয়ের. */
const takesY = (rest: string) => /[\u0982\u0985-\u0994\u09BE\u09C7-\u09CC]$/.test(rest);

/** Where -য়ের leaves one letter, the word may end in য়: ব্যয়ের is of ব্যয়. */
function genitive(word: string): Cut | undefined {
  const long = without(word, ofVowel);
  if (long !== undefined && takesY(long))
    return isWhole(long) ? only(long) : { rests: [long, long + finalY], goesOn: false };
  const rest = first(word, genitives);
  return rest === undefined ? undefined : only(rest);
}

/** Whether a word ends in a vowel that is not written: after a conjunct (শান্তর), and after হ (শাহর, but শহর has no শহ). */
const endsOpen = (rest: string) =>
  rest.endsWith('হ')
    ? [...rest].length >= 3 && lettersOf(rest) >= 2
    : /\u09CD[\u0995-\u09B9]$/.test(rest) && lettersOf(rest) >= 3;

function locative(word: string): Cut | undefined {
  const owned = first(word, ['র']);
  if (owned !== undefined && (endsInVowel(owned) ? [...owned].length >= 3 : endsOpen(owned))) return only(owned);
  const inside = first(word, [finalY]);
  if (inside !== undefined && /[াোও]$/.test(inside)) return only(inside);
  const long = first(word, [inVowel]);
  if (long !== undefined && takesY(long)) return only(long);
  const rest = first(word, ['ে']);
  return rest === undefined ? undefined : only(rest);
}

/** Endings after which a word that is kept is known at once, so that আদায়ের is of আদায় and not of আদা. */
const plainEndings = keyed('ের র কে তে ে য় য়ের য়ে টি টির টা ই ও ো রা দের গুলো গুলোর');

/** Names of letters that are words of their own, and may have an ending. */
const spelledWords: ReadonlySet<string> = new Set(keyed('ভিডিও আইডি টিভি পিসি সিডি'));

/** জিএসটি and আইআইটি, whose last letter is no ending; but it is one of ভিডিওটি. */
const isAbbreviationInT = (word: string) =>
  word.endsWith('টি') && (latinOf(word)?.length ?? 0) >= 3 && !spelledWords.has(word.slice(0, -'টি'.length));

const isKept = (word: string) => keptWords.has(word) || isAbbreviationInT(word);

function kept(word: string): string | undefined {
  if (isKept(word) || fixedWords.has(word)) return word;
  const rests = plainEndings.flatMap((ending) => without(word, ending) ?? []);
  return rests.filter(isKept).sort((a, b) => b.length - a.length)[0];
}

/**
 * Rules are applied until none fits, so that what is left of a word depends on nothing but that rest: ক্রিকেটাররা goes on as
 * ক্রিকেটার does. Each rule makes the word shorter.
 */
function stemsAfter(word: string, from = 0): string[] {
  if (from === 0) {
    const known = kept(word);
    if (known !== undefined) return [known];
  }
  for (const [index, rule] of rules.entries()) {
    const cut = index < from ? undefined : rule(word);
    if (cut === undefined) continue;
    const rests = cut.rests.flatMap((rest) => stemsAfter(rest));
    return cut.goesOn ? [...rests, ...stemsAfter(word, index + 1)] : rests;
  }
  return [word];
}

/** code units; what is longer is no word, and would have a reading for each of its endings */
const stemmedMax = 40;

/** The stems of a key as a noun. Several where the ending can be read in several ways. */
export const nounStems = (key: string): readonly string[] =>
  key.length > stemmedMax ? [key] : [...new Set(stemsAfter(key))];

/** The mark of a verb's term, which no word begins with. */
const verbMark = '~';
export const isVerbTerm = (term: string): boolean => term.startsWith(verbMark);

/** The terms of a Bangla word: its stems, the verb of which it is a form, or both where it is both. */
export function banglaTerms(key: string): readonly string[] {
  const irregular = irregularForms.get(key);
  if (irregular !== undefined) return [irregular];
  const form = verbForm(key);
  if (form === undefined) return nounStems(key);
  const verbs = form.verbs.map((verb) => verbMark + verb);
  return form.alsoNoun ? [...verbs, ...nounStems(key)] : verbs;
}
