import { wordKey } from '../key.ts';
import { nounStems } from './stem.ts';

/** Numbers that are written as words as often. Left out are এক, নয় ("is not") and বারো, whose stem is a day. */
const words = `2=দুই 3=তিন 4=চার 5=পাঁচ 6=ছয় 7=সাত 8=আট 10=দশ 11=এগারো 13=তেরো 14=চৌদ্দ 15=পনেরো 16=ষোলো 17=সতেরো 18=আঠারো
  19=উনিশ 20=বিশ 25=পঁচিশ 30=ত্রিশ 40=চল্লিশ 50=পঞ্চাশ 60=ষাট 70=সত্তর 80=আশি 90=নব্বই 100=একশ`;
const ordinals = '1=প্রথম 2=দ্বিতীয় 3=তৃতীয় 4=চতুর্থ 5=পঞ্চম 6=ষষ্ঠ 7=সপ্তম 8=অষ্টম 9=নবম 10=দশম 100=শততম';

const pairs = (list: string) =>
  list.split(/\s+/).flatMap((pair) => {
    const [digits = '', word = ''] = pair.split('=');
    return nounStems(wordKey(word)).map((stem) => [digits, stem] as const);
  });

const wordsOfDigits = new Map(pairs(words));
const digitsOfWords = new Map(pairs(words).map(([digits, word]) => [word, digits] as const));
const ordinalsOfDigits = new Map(pairs(ordinals));

/** A number's other way to be written: পাঁচ of 5, 5 of পাঁচ. */
export const otherWriting = (term: string): string | undefined => wordsOfDigits.get(term) ?? digitsOfWords.get(term);
export const isCount = (key: string): boolean => digitsOfWords.has(key);

const ordinalEndings: ReadonlySet<string> = new Set('ম য় র্থ ষ্ঠ তম'.split(' ').map(wordKey));

/** The word for digits with an ending: দ্বিতীয় of ২য়. */
export const ordinalOf = (digits: string, ending: string): string | undefined =>
  ordinalEndings.has(ending) ? ordinalsOfDigits.get(digits) : undefined;
