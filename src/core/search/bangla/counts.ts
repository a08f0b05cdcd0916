import { wordKey } from '../key.ts';
import { nounStems } from './stem.ts';

/** Numbers that are written as words as often. Left out are এক, নয় ("is not") and বারো, whose stem is a day. */
const words = `150=দেড়শত 250=আড়াইশত 150=দেড়শ 250=আড়াইশ 200=দুশ 200=দুশত 200=দুইশত 300=তিনশত 400=চারশত 500=পাঁচশত 600=ছয়শত 700=সাতশত 800=আটশত 900=নয়শত
  200=দুইশ 300=তিনশ 400=চারশ 500=পাঁচশ 600=ছয়শ 700=সাতশ 800=আটশ 900=নয়শ 2=দুই 3=তিন 4=চার 5=পাঁচ 6=ছয় 7=সাত 8=আট 10=দশ 11=এগারো 13=তেরো 14=চৌদ্দ 15=পনেরো 16=ষোলো 17=সতেরো 18=আঠারো
  19=উনিশ 20=বিশ 21=একুশ 22=বাইশ 23=তেইশ 24=চব্বিশ 25=পঁচিশ 26=ছাব্বিশ 27=সাতাশ 28=আটাশ 30=ত্রিশ 32=বত্রিশ 33=তেত্রিশ 34=চৌত্রিশ 36=ছত্রিশ 35=পঁয়ত্রিশ 40=চল্লিশ 42=বিয়াল্লিশ 45=পঁয়তাল্লিশ 48=আটচল্লিশ
  50=পঞ্চাশ 52=বায়ান্ন 55=পঞ্চান্ন 60=ষাট 65=পঁয়ষট্টি 70=সত্তর 71=একাত্তর 72=বাহাত্তর 75=পঁচাত্তর 80=আশি 90=নব্বই 100=একশ`;
/** Numbers only before what they count: নয় মাস, but not শেষ নয়; and days of a month. */
const wordsBefore = '1=এক 9=নয় 12=বারো 1=পয়লা 1=পহেলা 2=দোসরা 3=তেসরা 4=চৌঠা';
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

const counters = pairs(wordsBefore);
const digitsOfCounters = new Map(counters.map(([digits, word]) => [word, digits] as const));

/** The other ways to write a number that is one only before what it counts: নয় of 9, 9 of নয়. */
export const counterWritings = (term: string): readonly string[] => [
  ...counters.filter(([digits]) => digits === term).map(([, word]) => word),
  ...(digitsOfCounters.has(term) ? [digitsOfCounters.get(term) ?? ''] : []),
];

const one = wordKey('এক');
/** The digits of a word that counts people: 9 of the নয় in নয়জন. But একজন is "someone". */
export const countedBy = (word: string): string | undefined => (word === one ? undefined : digitsOfCounters.get(word));

/** Numbers that only multiply. */
const halves = new Map(
  pairs('1.5=দেড় 2.5=আড়াই 1=এক 9=নয় 12=বারো').map(([value, word]) => [word, Number(value)] as const),
);

/** The value of a word before হাজার or লাখ: 2 of দুই, 1.5 of দেড়. */
export function factorOf(term: string): number | undefined {
  const digits = digitsOfWords.get(term);
  return digits === undefined ? halves.get(term) : Number(digits);
}

const ordinalEndings: ReadonlySet<string> = new Set('ম য় র্থ ষ্ঠ তম'.split(' ').map(wordKey));

/** The word for digits with an ending: দ্বিতীয় of ২য়. */
export const ordinalOf = (digits: string, ending: string): string | undefined =>
  ordinalEndings.has(ending) ? ordinalsOfDigits.get(digits) : undefined;
