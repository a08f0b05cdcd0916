import { wordKey } from '../key.ts';
import { countedBy, isCount } from './counts.ts';
import { otherReadings } from './kept-words.ts';
import { lettersOf, nounStems } from './stem.ts';
import { verbForm } from './verbs.ts';

const keys = (words: string) => words.trim().split(/\s+/).map(wordKey);

/**
 * Second parts that are no words, or mean something else alone: what is named is the first part. বিদ্যুৎহীন is of বিদ্যুৎ.
 * Part of the rules: a change here needs a re-index (`rulesVersion`).
 */
const bound = keys(`বাহী গামী মুখী হীন বিহীন মুক্ত বদ্ধ বিরোধী ভিত্তিক কেন্দ্রিক চালিত জনিত সংক্রান্ত গ্রস্ত কবলিত বাসী ভোগী প্রাপ্ত পন্থী
  সংলগ্ন অধ্যুষিত প্রেমী নির্ভর বান্ধব বোঝাই ব্যাপী চাপা ভাঙা বিরতি কালীন প্রতিরোধী দুর্গত ভর্তি বঞ্চিত পত্র
  কাণ্ড বন্দি ভুক্ত জয়ী ফেরত রক্ষী প্রধান কন্যা পুত্র বাজার ভবন পথ হল যান মুখর
  বিদ্ধ দাতা গ্রহীতা ধারী জুড়ে ভর ঘেঁষা ওয়ালা োয়ালা ছাড়া সম্মত শূন্য
  দান হানি চ্যুত পরবর্তী বহির্ভূত বিষয়ক সংশ্লিষ্ট আক্রান্ত পীড়িত তাড়িত ভাষী খানা বৃত্তি পূর্ব োত্তর
  জাত যজ্ঞ বিদ সেবী াধীন াঞ্চল াসক্ত াতঙ্ক`);

/** Of these the first part has more letters: মহল is no হল, and শপথ no পথ. */
const ofLongWords: ReadonlySet<string> = new Set(keys('কাণ্ড বাজার ভবন পথ হল যান জাত াধীন াতঙ্ক'));

/** Second parts that are written joined or apart and are words: of কৃষিঋণ both কৃষি and ঋণ are named. */
const free =
  keys(`প্রণেতা অভিনেতা অভিনেত্রী কেন্দ্র মেলা শ্রমিক নেতা নেত্রী কর্মী চাষি চাষ ব্যবসায়ী চালক মালিক যাত্রী প্রার্থী ঋণ ভাড়া সংকট দূষণ ভাঙন মামলা হামলা
  বাহিনী স্টেশন সেবা গাছ বাগান দুর্ঘটনা খেত নাচ চোর পাচার ব্যবস্থা গ্রহণ শিক্ষক শিক্ষার্থী ছাত্র ছাত্রী কর্মকর্তা কর্মচারী কারখানা
  তেল কক্ষ বাণিজ্য মৃত্যু ধর্ষণ বৃষ্টি খাত পরীক্ষা রোগী রোগ চুক্তি নির্যাতন উৎসব দিবস সদস্য সমর্থক শিল্প শিল্পী নায়ক নায়িকা ঘাটতি ব্যয় ভাতা খেলাপি পূজা
  ভোট নির্বাচন গণনা সমাবেশ মিছিল আন্দোলন অভ্যুত্থান পরিকল্পনা তদন্ত অভিযান সম্মেলন প্রবাসী ধস ডুবি খনি খামার কমিটি অনশন মিস্ত্রি কাজ বন্দর সূচক দিল্লি
  যুদ্ধ ত্যাগ বৃদ্ধি প্রবাহ বার্ষিকী পিটুনি তালিকা বিদ্যুৎ ঘাঁটি ঝুঁকি বাঘ রেকর্ড চ্যাম্পিয়ন বিক্ষোভ দস্যু রাজনীতি মন্দির জোট খরা`);

/**
 * Second parts that end other words as often: আয়কর is a কর and ভয়ংকর is none, মেট্রোরেল is a রেল and a জেনারেল is none. So the first
 * part must be a word that is known to be one. A কক্সবাজার or a রাজবাড়ী is a place.
 */
const afterKnown =
  keys(`বাজার টাকা পানি পণ্য বাড়ি বই রেল কর হার লাইন ঘাট জমি কল বস্ত্র ফাঁড়ি চেষ্টা দর ছাড় পদক জয় বার্তা শ্রম পার্ক গেট স্ট্যান্ড বহর
  বর্ষণ মূল্য শিকারি স্বজন ম্যাচ সিরিজ ক্লাব মাঠ ব্যাংক ভাতা সেতু কার্ড মজুরি মালা গান মন্ত্রী`);
const knownFirsts: ReadonlySet<string> = new Set(
  keys(`শেয়ার পুঁজি শ্রম মুদ্রা কাঁচা কালো চোরা খোলা ভোগ্যপণ্য মাছ সবজি চাল পশু পণ্য তেল হাট জাল লোনা বৃষ্টি বন্যা খাবার পাট কৃষি নিত্য ভোগ্য দুগ্ধ চামড়া বিয়ে জমিদার শ্বশুর ঘর মামা
  ভাড়া শোক পাঠ্য চেক গল্প মেট্রো পাতাল আয় গৃহ সম্পদ ভূমি পৌর মূল্য সুদ মৃত্যু পাস শনাক্ত বিনিময় শুল্ক রেল গ্যাস বিদ্যুৎ ফেরি লঞ্চ খেয়া নৌকা বাস ট্রাক গাড়ি
  আবাদি ধান চিনি শীত পুলিশ হত্যা ধর্ষণ বাজার দ্রব্য স্বর্ণ সোনা রৌপ্য শিরোপা ম্যাচ শিশু গুলি বোমা শিলা তুষার পাখি হরিণ বাঘ কাঠ আত্মীয় দোকান মহিলা নারী
  গ্রাম শহর নদী পাহাড় সীমান্ত বিমান ট্রেন মোটরসাইকেল রিকশা ক্রিকেট ফুটবল টেস্ট লিগ স্কুল কলেজ মাদ্রাসা হাসপাতাল রাবার লবণ চিংড়ি ইলিশ আলু পেঁয়াজ ডিম মাংস গরু ছাগল
  বাণিজ্য রপ্তানি আমদানি বাজেট ঋণ জ্বালানি পোশাক শিল্প কয়লা পাথর বালু ইট জন্ম মাদক অস্ত্র সড়ক ছিনতাই অপহরণ খুন চুরি ডাকাতি
  স্বরাষ্ট্র পররাষ্ট্র অর্থ শিক্ষা স্বাস্থ্য আইন তথ্য খাদ্য প্রতিরক্ষা পরিবেশ পরিবহন যোগাযোগ বিশ্ব`),
);

/**
 * First parts that are named whatever follows them: বিদ্যুৎ of বিদ্যুৎবিভ্রাট. They begin no other word, and no place (সোনারগাঁও, পাথরঘাটা,
 * গুলিস্তান), and none that is another thing (মৃত্যুদণ্ড, জন্মদিন, শিল্পকলা).
 */
const openFirsts: ReadonlySet<string> = new Set(
  keys(`নির্বাচন আন্দোলন বিক্ষোভ হত্যা পাচার টেন্ডার দুর্নীতি দোকান ভোট ভাড়া বিদ্যুৎ গ্যাস স্কুল কলেজ মাদ্রাসা শিশু নারী বন্দুক ট্রেন ট্রাক নদী সীমান্ত ফসল শহীদ
  ইয়াবা সন্ত্রাস শিক্ষা স্বাস্থ্য পরীক্ষা কূটনীতি ফুটবল ক্রিকেট চিকিৎসা তদন্ত নির্মাণ পুলিশ বোমা ঋণ ব্যাংক শেয়ার শ্রমিক সড়ক ধর্ষণ
  খাদ্য চাঁদা ডাকাতি ছিনতাই মামলা বন্যা কুয়াশা ঘূর্ণি বৃষ্টি ঝড় আবহাওয়া জ্বালানি পেঁয়াজ ইলিশ চামড়া পোশাক কয়লা হাসপাতাল টিকা ডেঙ্গু ক্যানসার সমুদ্র উপকূল পাহাড়
  তুষার আমানত রাজনীতি অর্থনীতি অপরাধ নিরাপত্তা চাকরি মজুরি বেতন রপ্তানি আমদানি বাজেট রাজস্ব বাণিজ্য পর্যটন পরিবহন জাহাজ নৌকা ফেরি লঞ্চ মোটরসাইকেল রিকশা পর্যটক
  সাংবাদিক শিক্ষক শিক্ষার্থী প্রবাসী অভিবাসী শরণার্থী রোহিঙ্গা সংসদ সংবিধান গণতন্ত্র ক্ষমতা জঙ্গি দাঙ্গা অস্ত্র পরমাণু ক্ষেপণাস্ত্র
  গাড়ি ডলার শুল্ক পুঁজি বিশ্বকাপ মোবাইল ইন্টারনেট মেট্রো উড়োজাহাজ ট্রলার অটোরিকশা সমাবেশ হরতাল অবরোধ প্রার্থী ভোটার মনোনয়ন চিংড়ি তরমুজ লিচু মুরগি গরু মশা কুকুর
  যানজট টাকা বিনিয়োগ`),
);

/** Prefixes, which are no first part: অভিনেতা is no নেতা, পরিচালক no চালক. */
const prefixes: ReadonlySet<string> = new Set(
  keys('প্র পরা অপ সম নি অব অনু নির দুর বি অধি সু উৎ পরি প্রতি অভি অতি উপ আ অ অন সহ কু দুঃ স্ব পুনঃ পুনর মহা দর আত্ম জন গণ ময় কার'),
);

/** Those of them that leave the word its meaning: an উপনির্বাচন and a পুনর্গণনা are a নির্বাচন and a গণনা; or too short to be a first part. */
const ofTheSame: ReadonlySet<string> = new Set(keys('উপ পুনঃ পুনর্ মহা গণ জন নৌ'));

/** Words that only look like a compound of these, or mean another thing. */
const whole: ReadonlySet<string> = new Set(
  keys(
    `বিমানবন্দর মোহনবাগান কারুকাজ বারবার মুখোমুখি মেট্রোপলিটন ইদলিব মুক্তিযুদ্ধ স্বাস্থ্যকর পদত্যাগ পদযাত্রা সরকারি বেসরকারি শাহবাজ অর্থবহ উঁকিঝুঁকি নারিকেল নারিকেলবাড়িয়া মৃত্যুঞ্জয় ট্রাক্টর`,
  ).flatMap((word) => [word, ...nounStems(word)]),
);

const isFirstPart = (part: string, lettersMin: number) =>
  lettersOf(part) >= lettersMin && !part.endsWith('\u09CD') && !prefixes.has(part);

type Tail = { ends: string; named: readonly string[]; lettersMin: number; afterKnown: boolean };

/** Some first part, after which the rules cut a second part as they do in a compound. */
const anyFirst = 'ককক';
const stemsInside = (tail: string) =>
  nounStems(anyFirst + tail)
    .map((stem) => stem.slice(anyFirst.length))
    .filter((ends) => lettersOf(ends) > 1);

/** Second parts as stems have them: of পাচার the rules leave পাচা, and of গাড়িবহর they leave গাড়িবহ. */
const tailsOf = (tail: string, isWord: boolean, afterKnown = false): Tail[] =>
  [...new Set([tail, ...nounStems(tail), ...stemsInside(tail)])].map((ends) => ({
    ends,
    named: isWord ? nounStems(tail) : [],
    lettersMin: ofLongWords.has(tail) ? 3 : 2,
    afterKnown,
  }));

/** Longer ones first, so that of পোস্টারবিহীন not হীন is taken. */
const allTails = (): readonly Tail[] =>
  [
    ...afterKnown.flatMap((tail) => tailsOf(tail, true, true)),
    ...bound.flatMap((tail) => tailsOf(tail, false)),
    ...free.flatMap((tail) => tailsOf(tail, true)),
  ].sort((a, b) => b.ends.length - a.ends.length);

let tails: readonly Tail[] | undefined;

function partsOf(stem: string): readonly string[] {
  tails ??= allTails();
  for (const { ends, named, lettersMin, afterKnown } of tails) {
    const first = stem.endsWith(ends) ? stem.slice(0, -ends.length) : '';
    if (first === '' || (afterKnown && !knownFirsts.has(first))) continue;
    if (named.length > 0 && ofTheSame.has(first.replace(/\u09CD$/, ''))) return named;
    if (afterKnown || isFirstPart(first, lettersMin)) return [...firstStems(first, ends), ...named];
  }
  return openedBy(stem);
}

/** চিকিৎসাধীন is of চিকিৎসা, and তদন্তাধীন of তদন্ত. */
const firstStems = (first: string, ends: string): readonly string[] => [
  ...nounStems(wordKey(first)),
  ...(ends.startsWith('া') ? [`${first}া`] : []),
];

/** Who does it is another thing than what is done: a তদন্তকারী is no তদন্ত. */
const otherThings = /^(?:কারি|কারক|বাজি?|গার|সেবন)/;

/** What is named by how a word begins. Two letters at least follow, and no sign. */
function openedBy(stem: string): readonly string[] {
  for (let at = stem.length - 2; at > 1; at -= 1) {
    const rest = stem.slice(at);
    if (
      /^[\u0985-\u09B9\u09DC-\u09DF]/.test(rest) &&
      openFirsts.has(stem.slice(0, at)) &&
      lettersOf(rest) > 1 &&
      !otherThings.test(rest)
    )
      return nounStems(stem.slice(0, at));
  }
  return [];
}

/** Two names that are joined in Arabic, and written short: মুশফিকুর রহিম is মুশফিক. No place in -পুর, and বন্ধু is not of বন্ধ. */
export function shortName(stem: string): string | undefined {
  const name = /^(.*[^\u09CD][^প])ু$/.exec(stem)?.[1];
  return name !== undefined && lettersOf(name) >= 3 ? name : undefined;
}

/** What is counted in one word with its number: পাঁচজন names পাঁচ and জন, and দুদিন names দুই and দিন. */
const counted = keys('জন গুণ দিন বার মাস বছর ঘণ্টা দফা পক্ষ দেশ দল');
const two = wordKey('দুই');
const shortTwo = wordKey('দু');
/** ক’দফা, ক’দিন */
const howMany = wordKey('ক');

function countedIn(stem: string): readonly string[] {
  const unit = counted.find((one) => stem.endsWith(one));
  if (unit === undefined) return [];
  const count = stem.slice(0, -unit.length);
  const digits = countedBy(count);
  if (digits !== undefined) return [digits, ...nounStems(unit)];
  if (count === shortTwo) return [two, ...nounStems(unit)];
  if (count === howMany) return nounStems(unit);
  return isCount(count) ? [count, ...nounStems(unit)] : [];
}

function namedBy(stem: string): readonly string[] {
  const name = shortName(stem);
  if (name !== undefined) return [name, ...partsOf(stem)];
  const counts = countedIn(stem);
  return counts.length > 0 ? counts : partsOf(stem);
}

/** Who has something done has it done: ভর্তি করালেন is found by করেছেন. Of other verbs the causative is another verb. */
const causedOf = 'করা';
const doing = '~কর';

/**
 * The terms of what a compound names besides itself. Texts have them and queries do not: who asks for বিদ্যুৎ also means
 * বিদ্যুৎহীন, and not the other way round.
 */
export const partTerms = (key: string): readonly string[] => {
  const other = otherReadings.get(key);
  if (other !== undefined) return [other];
  if (verbForm(key)?.verbs.includes(causedOf) === true) return [doing];
  const stems = [key, ...nounStems(key)];
  if (stems.some((stem) => whole.has(stem))) return [];
  return [...new Set(stems.flatMap(namedBy))].filter((part) => !stems.includes(part));
};
