import { wordKey } from '../key.ts';
import { countedBy, isCount } from './counts.ts';
import { otherReadings } from './kept-words.ts';
import { lettersOf, nounStems } from './stem.ts';

const keys = (words: string) => words.trim().split(/\s+/).map(wordKey);

/**
 * Second parts that are no words, or mean something else alone: what is named is the first part. বিদ্যুৎহীন is of বিদ্যুৎ.
 * Part of the rules: a change here needs a re-index (`rulesVersion`).
 */
const bound = keys(`বাহী গামী মুখী হীন বিহীন মুক্ত বদ্ধ বিরোধী ভিত্তিক কেন্দ্রিক চালিত জনিত সংক্রান্ত গ্রস্ত কবলিত বাসী ভোগী প্রাপ্ত পন্থী
  সংলগ্ন অধ্যুষিত প্রেমী নির্ভর বান্ধব বোঝাই ব্যাপী চাপা ডুবি ভাঙা ধস বিরতি কালীন প্রতিরোধী দুর্গত ভর্তি বঞ্চিত পত্র
  কাণ্ড বন্দি ভুক্ত জয়ী ফেরত রক্ষী প্রধান কন্যা পুত্র বাজার ভবন পথ হল যান মুখর
  বিদ্ধ দাতা গ্রহীতা ধারী জুড়ে ভর ঘেঁষা ওয়ালা ছাড়া সম্মত শূন্য`);

/** Of these the first part has more letters: মহল is no হল, and শপথ no পথ. */
const ofLongWords: ReadonlySet<string> = new Set(keys('কাণ্ড বাজার ভবন পথ হল যান'));

/** Second parts that are written joined or apart and are words: of কৃষিঋণ both কৃষি and ঋণ are named. */
const free =
  keys(`প্রণেতা অভিনেতা অভিনেত্রী কেন্দ্র মেলা শ্রমিক নেতা নেত্রী কর্মী চাষি চাষ ব্যবসায়ী চালক মালিক যাত্রী প্রার্থী ঋণ ভাড়া সংকট দূষণ ভাঙন মামলা হামলা
  বাহিনী স্টেশন সেবা গাছ বাগান দুর্ঘটনা খেত নাচ চোর পাচার ব্যবস্থা গ্রহণ শিক্ষক শিক্ষার্থী ছাত্র ছাত্রী কর্মকর্তা কর্মচারী কারখানা
  তেল কক্ষ বাণিজ্য মৃত্যু ধর্ষণ বৃষ্টি খাত পরীক্ষা রোগী রোগ চুক্তি নির্যাতন উৎসব দিবস সদস্য সমর্থক শিল্প শিল্পী নায়ক নায়িকা ঘাটতি ব্যয় ভাতা খেলাপি পূজা`);

/** What is sold on a বাজার of its own. Others are places: কক্সবাজার. */
const sold: ReadonlySet<string> = new Set(keys('শেয়ার পুঁজি শ্রম মুদ্রা কাঁচা কালো চোরা খোলা ভোগ্যপণ্য'));
const market = wordKey('বাজার');

/** Prefixes, which are no first part: অভিনেতা is no নেতা, পরিচালক no চালক. */
const prefixes: ReadonlySet<string> = new Set(
  keys('প্র পরা অপ সম নি অব অনু নির দুর বি অধি সু উৎ পরি প্রতি অভি অতি উপ আ অ অন সহ কু দুঃ স্ব পুনঃ পুনর মহা দর'),
);

const isFirstPart = (part: string, lettersMin: number) =>
  lettersOf(part) >= lettersMin && !part.endsWith('\u09CD') && !prefixes.has(part);

type Tail = { ends: string; named: readonly string[]; lettersMin: number };

/** Second parts as stems have them: of পাচার the rules leave পাচা. */
const tailsOf = (tail: string, isWord: boolean): Tail[] =>
  [...new Set([tail, ...nounStems(tail)])].map((ends) => ({
    ends,
    named: isWord ? nounStems(tail) : [],
    lettersMin: ofLongWords.has(tail) ? 3 : 2,
  }));

/** Longer ones first, so that of পোস্টারবিহীন not হীন is taken. */
const allTails = (): readonly Tail[] =>
  [...bound.flatMap((tail) => tailsOf(tail, false)), ...free.flatMap((tail) => tailsOf(tail, true))].sort(
    (a, b) => b.ends.length - a.ends.length,
  );

let tails: readonly Tail[] | undefined;

function partsOf(stem: string): readonly string[] {
  tails ??= allTails();
  for (const { ends, named, lettersMin } of tails) {
    const first = stem.endsWith(ends) ? stem.slice(0, -ends.length) : '';
    if (sold.has(first) && market.startsWith(ends)) return [...nounStems(first), ...nounStems(market)];
    if (isFirstPart(first, lettersMin)) return [...nounStems(wordKey(first)), ...named];
  }
  return [];
}

/** Two names that are joined in Arabic, and written short: মুশফিকুর রহিম is মুশফিক. No place in -পুর, and বন্ধু is not of বন্ধ. */
export function shortName(stem: string): string | undefined {
  const name = /^(.*[^\u09CD][^প])ু$/.exec(stem)?.[1];
  return name !== undefined && lettersOf(name) >= 3 ? name : undefined;
}

/** পাঁচজন names পাঁচ and জন. */
const people = wordKey('জন');
const countOf = (stem: string) => (stem.endsWith(people) ? stem.slice(0, -people.length) : '');

function namedBy(stem: string): readonly string[] {
  const name = shortName(stem);
  if (name !== undefined) return [name];
  const count = countOf(stem);
  const digits = countedBy(count);
  if (digits !== undefined) return [digits, people];
  return isCount(count) ? [count, people] : partsOf(stem);
}

/**
 * The terms of what a compound names besides itself. Texts have them and queries do not: who asks for বিদ্যুৎ also means
 * বিদ্যুৎহীন, and not the other way round.
 */
export const partTerms = (key: string): readonly string[] => {
  const other = otherReadings.get(key);
  if (other !== undefined) return [other];
  const stems = [key, ...nounStems(key)];
  return [...new Set(stems.flatMap(namedBy))].filter((part) => !stems.includes(part));
};
