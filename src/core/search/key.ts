import { spellings } from './bangla/spellings.ts';

/**
 * The key of a word: what search compares instead of the word as it is written. Spellings, vowel lengths, digits and
 * joiners that readers do not tell apart are folded together. A key is only compared and never shown.
 */

const banglaZero = 0x09e6;

/** One letter, or one spelling of a sound, in the place of several. Order matters: later rows see what earlier ones made. */
const folds: readonly (readonly [RegExp, string])[] = [
  [/\u09A4\u09CD\u200D/g, '\u09CE'],
  // হৃদ্‌রোগ and হৃদরোগ: a joiner after the sign shows it, and it is left out as often
  [/\u09CD\u200C(?!ষ)/g, ''],
  [/[\u200C\u200D'\u2018\u2019\u02BC]/g, ''],
  [/\u09A1\u09BC/g, '\u09DC'],
  [/\u09A2\u09BC/g, '\u09DD'],
  [/\u09AF\u09BC/g, '\u09DF'],
  // কিডন্য়াপ and কিডন্যাপ: typed with the letter that has a dot
  [/্\u09DF/g, '্য'],
  // জ়েলেনস্কি and জেলেনস্কি: a dot for sounds of other languages
  [/\u09BC/g, ''],
  // মোঃ and মো, ডাঃ and ডা, মূলতঃ and মূলত
  [/(?<=..)ঃ$/g, ''],
  [/অা/g, 'আ'],
  [/ঁ/g, ''],
  [/ী/g, 'ি'],
  [/ূ/g, 'ু'],
  [/ঈ/g, 'ই'],
  [/ঊ/g, 'উ'],
  [/ণ/g, 'ন'],
  // রঙ and রং, ব্যাঙ্ক and ব্যাংক, সঙ্গীত and সংগীত
  [/ঙ্?/g, 'ং'],
  // রাঙ্গামাটি and রাঙামাটি, ভেঙ্গে and ভেঙে; but বিল্ডিংগুলো
  [/ংগ(?=[ািু])(?!ুল[োি])|(?<=^ভে)ংগ/g, 'ং'],
  // বৃটেন and ব্রিটেন, খৃষ্টান and খ্রিস্টান
  [/ৃ/g, '্রি'],
  [/ঋ/g, 'রি'],
  [/ষ্ট/g, 'স্ট'],
  // শ্যুটিং and শুটিং, ট্যুর and টুর
  [/(?<=[শসট])্যু/g, 'ু'],
  // এ্যাপ and অ্যাপ
  [/^(?:এ্যা?|আ্যা)/g, 'অ্যা'],
  // অ্যাকাডেমি and একাডেমি, অ্যাডভোকেট and এডভোকেট
  [/অ্যা/g, 'এ'],
  // প্ল্যাটফর্ম and প্লাটফর্ম, ব্র্যান্ড and ব্রান্ড; but ট্র্যাক is no ট্রাক
  [/(?<=[কগপফবস]্)ল্যা/g, 'লা'],
  [/(?<=[কগদপফব]্)র্যা/g, 'রা'],
  [/ট্র্যা(?![কপ])/g, 'ট্রা'],
  // পোল্যান্ড and পোলান্ড, ইংল্যান্ড and ইংলান্ড
  [/ল্যান্ড/g, 'লান্ড'],
  // কন্টেইনার and কনটেইনার, ক্যান্টিন and ক্যানটিন; but তিনটি and দিনটি
  [/(?<=^ক)নট|নট(?=[িে]ন|েই|্[রয])/g, 'ন্ট'],
  // প্যারাসিটামল and প্যারাসিট্যামল; but স্ট্যাম্প is no স্টাম্প
  [/(?<=[^\u09CD])([টড])্যা/g, '$1া'],
  // ট্রান্সফর্মার and ট্রান্সফরমার
  [/ফর্ম/g, 'ফরম'],
  // করপোরেশন and কর্পোরেশন
  [/^করপো/g, 'কর্পো'],
  // ব্যবসা and ব্যাবসা
  [/ব্যা/g, 'ব্য'],
  // আব্দুল্লাহ and আবদুল্লাহ
  [/^আব্দ/g, 'আবদ'],
  // গ্রেপ্তার and গ্রেফতার
  [/[পফ]্ত/g, 'ফত'],
  // ক্যান্সার and ক্যানসার, ইন্সটিটিউট and ইনস্টিটিউট
  [/ন্স/g, 'নস'],
  [/নস্(?=[টপক])/g, 'নস'],
  // Letters that are written twice in older spelling: কার্য্য, বার্ত্তা, অর্দ্ধ, মূর্চ্ছা, ঊর্ধ্ব
  [/র্(.)্\1/g, 'র্$1'],
  [/র্দ্ধ/g, 'র্ধ'],
  [/র্চ্ছ/g, 'র্ছ'],
  [/(র্ধ|র্শ|জ্জ|চ্ছ|ন্ত|ন্দ)্ব/g, '$1'],
  [/ত্ত্ব/g, 'ত্ব'],
  // পুরস্কার and পুরষ্কার, নিষ্পত্তি and নিস্পত্তি
  [/ষ্(?=[কপ])/g, 'স্'],
  // ইঞ্জিন, ইন্জিন and ইনজিন, ম্যাঞ্চেস্টার and ম্যানচেস্টার
  [/[ঞন]্(?=[চছজঝ])/g, 'ন'],
  // আকাঙ্ক্ষা and আকাঙ্খা
  [/ংক্ষ/g, 'ংখ'],
  // ক্ষেত and খেত, but ক্ষেত্র
  [/ক্ষেত(?!্র)/g, 'খেত'],
  // বক্স and বকস, ডক্টর and ডকটর, লিফ্ট and লিফট, হেলিকপ্টার and হেলিকপটার
  [/([কপফ])্(?=[টস])/g, '$1'],
  // সফটওয়্যার and সফটওয়ার
  [/ও\u09DF্যা/g, 'ও\u09DFা'],
  // আনোয়ার and আনওয়ার, পাটোয়ারী and পাটওয়ারী
  [/(?<=[ক-হ])ও\u09DFা/g, 'ো\u09DFা'],
  // স্পেইন and স্পেন, নেইমার and নেমার; but গেইল is a name, and কেইন
  [/(?<![কগ])েই(?=[ক-হ])/g, 'ে'],
  // সালাহউদ্দিন and সালাউদ্দিন, নাসিরুদ্দিন and নাসির উদ্দিন, হাবিবুল্লাহ and হাবিব উল্লাহ
  [/হ?উদ্দিন|ুদ্দিন/g, 'উদ্দিন'],
  // Kolkata leaves the last letter out: আবদুল্লা, and আয়াতোল্লা; but মোল্লা is no name of God
  [/[ুউ]ল্(?:ল্?)?য?াহ|(?<=[\u0985-\u09B9].*[\u0995-\u09B9])ুল্লা(?!হ)|(?<=[\u0985-\u09B9].*[তব])োল্লাহ?/g, 'উল্লাহ'],
  // কারফিউ and কার্ফিউ, পার্লামেন্ট and পারলামেন্ট, জার্সি and জারসি; পার্টি and পার্কে would lose an ending
  [/(?<=[াআ])র্(?=[জফমলসভবপচডথ][\u09BE-\u09C2\u09CB\u09CC])/g, 'র'],
  // স্পেশ্যাল and স্পেশাল
  [/শ্যাল/g, 'শাল'],
  // ভিডিয়ো and ভিডিও
  [/\u09DFো/g, 'ও'],
  // উৎসব and উত্সব; বিদ্যুৎ, of which বিদ্যুতের is
  [/ৎ|ত্(?=[সক])/g, 'ত'],
  [/্$/g, ''],
];

const spelled = new Map(spellings);
const anySpelling = new RegExp(spellings.map(([other]) => other).join('|'), 'g');

/** The key of one word as `cut.ts` cuts it. */
export function wordKey(word: string): string {
  let key = word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u09E6-\u09EF]/g, (digit) => String(digit.charCodeAt(0) - banglaZero))
    .replaceAll(/(?<=\d),(?=\d)/g, '');
  for (const [spelling, sound] of folds) key = key.replace(spelling, sound);
  return key.replace(anySpelling, (spelling) => spelled.get(spelling) ?? spelling);
}
