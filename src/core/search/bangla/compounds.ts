import { wordKey } from '../key.ts';
import { lettersOf, nounStems } from './stem.ts';

const keys = (words: string) => words.trim().split(/\s+/).map(wordKey);

/**
 * Second parts that are no words, or mean something else alone: what is named is the first part. বিদ্যুৎহীন is of বিদ্যুৎ.
 * Part of the rules: a change here needs a re-index (`rulesVersion`).
 */
const bound = keys(`বাহী গামী মুখী হীন বিহীন মুক্ত বদ্ধ বিরোধী ভিত্তিক কেন্দ্রিক চালিত জনিত সংক্রান্ত গ্রস্ত কবলিত বাসী ভোগী প্রাপ্ত পন্থী
  সংলগ্ন অধ্যুষিত প্রেমী নির্ভর বান্ধব বোঝাই ব্যাপী চাপা ডুবি ভাঙা ধস বিরতি কালীন প্রতিরোধী দুর্গত ভর্তি বঞ্চিত পত্র`);

/** Second parts that are written joined or apart and are words: of কৃষিঋণ both কৃষি and ঋণ are named. */
const free = keys(`কেন্দ্র মেলা শ্রমিক নেতা নেত্রী কর্মী চাষি চাষ ব্যবসায়ী চালক মালিক যাত্রী প্রার্থী ঋণ ভাড়া সংকট দূষণ ভাঙন মামলা হামলা
  বাহিনী স্টেশন সেবা গাছ বাগান দুর্ঘটনা খেত নাচ চোর পাচার ব্যবস্থা গ্রহণ`);

/** Prefixes, which are no first part: অভিনেতা is no নেতা, পরিচালক no চালক. */
const prefixes: ReadonlySet<string> = new Set(
  keys('প্র পরা অপ সম নি অব অনু নির দুর বি অধি সু উৎ পরি প্রতি অভি অতি উপ আ অ অন সহ কু দুঃ স্ব পুনঃ পুনর মহা দর'),
);

const isFirstPart = (part: string) => lettersOf(part) >= 2 && !part.endsWith('\u09CD') && !prefixes.has(part);

function partsOf(stem: string): readonly string[] {
  for (const [tails, isWord] of [
    [bound, false],
    [free, true],
  ] as const) {
    for (const tail of tails) {
      const first = stem.endsWith(tail) ? stem.slice(0, -tail.length) : '';
      if (isFirstPart(first))
        return isWord ? [...nounStems(wordKey(first)), ...nounStems(tail)] : nounStems(wordKey(first));
    }
  }
  return [];
}

/**
 * The terms of what a compound names besides itself. Texts have them and queries do not: who asks for বিদ্যুৎ also means
 * বিদ্যুৎহীন, and not the other way round.
 */
export const partTerms = (key: string): readonly string[] => {
  const stems = [key, ...nounStems(key)];
  return [...new Set(stems.flatMap(partsOf))].filter((part) => !stems.includes(part));
};
