import { wordKey } from '../key.ts';
import { isVerbTerm, nounStems } from './stem.ts';

/** Words that are told by their neighbours. Part of the rules: a change here needs a re-index (`rulesVersion`). */

type Word = { key: string; terms: readonly string[] };
/** What a word is beside its neighbours, or `undefined` where they say nothing. */
type Reading = (word: Word, before: Word | undefined, after: Word | undefined) => readonly string[] | undefined;

const keys = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(wordKey));
const is = (words: ReadonlySet<string>, word: Word | undefined) => word !== undefined && words.has(word.key);
const hasTerm = (word: Word | undefined, terms: ReadonlySet<string>) =>
  word?.terms.some((term) => terms.has(term)) === true;

/** What covers: কুয়াশায় ঢাকা সড়ক is no place. */
const covers = keys(`কুয়াশায় মেঘে বরফে তুষারে ধোঁয়ায় ধোঁয়াশায় ধুলায় ধুলোয় কাপড়ে চাদরে ত্রিপলে পলিথিনে ছাইয়ে কম্বলে পর্দায় মাস্কে পোস্টারে ব্যানারে
  ফুলে আবর্জনায় কচুরিপানায় মুখোশে`);
/** What is of the city all the same: কুয়াশায় ঢাকা বিমানবন্দর বন্ধ. */
const ofDhaka = /^(?:বিমানবন্দ|বিশ্ববিদ্যা|মহানগ|মেডিকেল|শহ|নগ|উত্ত|দক্ষি|জেলা|থেকে)/;
const falling: ReadonlySet<string> = new Set(['~পড়']);
const can = keys('যায় যাবে যায়নি');
const about = keys('নিয়ে');
/** What is done to somebody inside of a jail; a fisherman does other things. */
const jailed: ReadonlySet<string> = new Set('~যা ~পাঠা ~থাক ~ঢুক ~নে ~দে ~বস ~আছ ~রাখ ~আটকা'.split(' '));
const inJail = keys('থেকে বন্দি বন্দী মৃত্যু বসেই');
/** Before these হল and হলে are of হওয়া: কম হলে, শেষ হল. A সিনেমা হলে is a hall. */
const becoming =
  keys(`না তা কম বেশি ভালো খারাপ বন্ধ শেষ শুরু আটক নিহত আহত জয়ী পার বড় ছোট দেরি জারি প্রকাশ চালু সমস্যা প্রয়োজন দরকার বৃষ্টি হামলা
  ভুল মৃত্যু গ্রেপ্তার জখম খুন রাজি ব্যর্থ সফল যুদ্ধ ভোট নির্বাচন পাস বদলি ভর্তি বাতিল স্থগিত ঘোষণা দাম বিয়ে জ্বর অসুস্থ সুস্থ অপরাধ প্রমাণ`);

const isInfinitive = ({ key, terms }: Word) => key.endsWith('তে') && terms.some(isVerbTerm);

const readings: ReadonlyMap<string, Reading> = new Map(
  Object.entries<Reading>({
    ঢাকা: (_, before, after) =>
      hasTerm(after, falling) || (is(covers, before) && !ofDhaka.test(after?.key ?? '')) ? ['~ঢাক'] : undefined,
    // ভোলা যায় না; the island has another verb
    ভোলা: (_, __, after) => (is(can, after) ? ['~ভুল'] : undefined),
    // আসন ছাড়া নিয়ে; and else "without"
    ছাড়া: ({ terms }, _, after) => (is(about, after) ? [...terms, '~ছাড়'] : undefined),
    জেলে: (_, __, after) => (hasTerm(after, jailed) || is(inJail, after) ? nounStems(wordKey('জেল')) : undefined),
    হল: becomes,
    হলে: becomes,
  }).map(([word, reading]) => [wordKey(word), reading] as const),
);

function becomes({ terms }: Word, before: Word | undefined): readonly string[] | undefined {
  const isVerb =
    before !== undefined && (becoming.has(before.key) || /[^ী]িত$/.test(before.key) || isInfinitive(before));
  return isVerb ? terms.filter(isVerbTerm) : undefined;
}

/** Whether a word may be told by the next one or the one before it. */
export const isTold = (key: string): boolean => readings.has(key);

/** The terms of a word beside its neighbours, if they tell which of its readings is meant. */
export const termsBeside: Reading = (word, before, after) => readings.get(word.key)?.(word, before, after);

/** Who types one of these and nothing else means the noun or the name. */
const nounKeys = keys('হল হলে দেব পাঠান উঠান ঝুলন আকার ধার বসত');
const without = wordKey('ছাড়া');
const being: ReadonlySet<string> = new Set(['~হ']);

/** Whether what is typed may be told by the words beside it, or by having none. */
export const isTypedTold = (key: string): boolean => isTold(key) || nounKeys.has(key);

/**
 * The terms of a typed word that is told so, and else as in texts. Who asks for হল alone means a hall, and nothing is without
 * something in আসন ছাড়া and ছাড়া হয়েছে, which may be of ছাড়া.
 */
export function typedTerms(word: Word, before: Word | undefined, after: Word | undefined): readonly string[] {
  if (nounKeys.has(word.key) && before === undefined && after === undefined) {
    const nouns = word.terms.filter((term) => !isVerbTerm(term));
    return nouns.length > 0 ? nouns : word.terms;
  }
  const isLeaving = word.key === without && (after === undefined ? before !== undefined : hasTerm(after, being));
  return isLeaving ? [...word.terms, '~ছাড়'] : (termsBeside(word, before, after) ?? word.terms);
}
