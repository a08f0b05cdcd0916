import { wordKey } from '../key.ts';

const keys = (words: string) => words.trim().split(/\s+/).map(wordKey);

/**
 * Words that end as if they had an ending, or whose stem is another common word: আমির is not of আমি, আদায় not of আদা.
 * Part of the rules: a change here needs a re-index (`rulesVersion`).
 */
export const keptWords: ReadonlySet<string> = new Set(
  keys(`নাটোর আমির মনির মুনির জাকির কাদের বাকের নরওয়ে দোহাই হাওয়াই মাদুরো রোমিও অন্তর প্রান্তর উত্তর দপ্তর নম্বর মোহর ব্যাংক ব্যাংকক
  মেয়ে বিয়ে রায় দায় আয় আদায় অস্থির তিমির দিনার দুয়ার মঞ্জুর মিনার মিহির শিকার শিশির সুধীর হাজির কামার পাইকার কেয়ার আহার আঁধার
  কামরা কিনারা টুকরা দায়রা পায়রা হাজিরা ক্যামেরা কলেরা বেচারা ইজারা ইশারা নামকরা
  হাইওয়ে রানওয়ে সাবওয়ে কমিটি পালটা প্রভাব স্বভাব মনোভাব গাঙ্গুলি জনগণ মশাই জামাই মালাই ছাঁটাই বাছাই যাচাই লড়াই বড়াই সেলাই আড়াই
  পনের পনেরো সতের সতেরো আঠার আঠারো
  ইউএনও সিইও এনজিও আইএলও ডব্লিউএইচও ডব্লিউটিও ইউনেসকো এমপিও জিপিও আইপিও এফএও এসসিও ডিআরডিও সিএফও
  বিডিও বিএলও ডিইও পিএমও এসডিপিও আরটিও ডিএমকে পিকেকে`),
);

/** Words that have no endings and are kept only as they stand: ফলে ("as a result") is not of ফল. */
export const fixedWords: ReadonlySet<string> = new Set(keys('ফলে মধ্যে জন্যে হিসেবে হিসাবে আসলে একই শতকরা দায়ের'));

/** Pronouns, and words of one letter. আরও is here since it is no আর, and জেলে since only he has a plural and not a জেল. */
const forms: Readonly<Record<string, string>> = {
  আমি: 'আমি আমার আমাকে আমায়',
  আমরা: 'আমরা আমাদের আমাদেরকে',
  তুমি: 'তুমি তোমার তোমাকে তোমায়',
  তোমরা: 'তোমরা তোমাদের তোমাদেরকে',
  আপনি: 'আপনি আপনার আপনাকে',
  আপনারা: 'আপনারা আপনাদের আপনাদেরকে',
  সে: 'সে তিনি তার তাঁর তাকে তাঁকে তাহার তাঁহার তাহাকে তাঁহাকে',
  তারা: 'তারা তাঁরা তাদের তাঁদের তাদেরকে তাহারা তাঁহারা তাহাদের তাঁহাদের',
  এ: 'এ এর এঁর একে ইহা ইহার ইহাকে',
  এরা: 'এরা এঁরা এদের',
  ও: 'ও ওর ওকে উহা উহার',
  ওরা: 'ওরা ওদের',
  যে: 'যে যিনি যার যাঁর যাকে যাঁকে যাহা যাহার যাহাকে',
  যারা: 'যারা যাঁরা যাদের যাঁদের যাহারা যাঁহারা যাহাদের',
  কে: 'কে কার কাকে কাহার কাহাকে',
  কারা: 'কারা',
  নিজে: 'নিজে নিজের নিজেকে নিজেই',
  নিজেরা: 'নিজেরা নিজেদের নিজেদেরকে',
  আরও: 'আরও আরো',
  দুই: 'দুই দু দুটি দুটো দুটা দুটির দুটিকে দুটিতে দুটোর দুটোই দুটিই',
  তিন: 'তিনটে তিনটের',
  চার: 'চারটে চারটের',
  মা: 'মা মাকে মায়ের মায়েরা মায়েদের মায়েদেরকে মায়ের মাও মাকেও মায়েরও',
  চা: 'চা চায়ের চায়ে',
  পা: 'পা পায়ের পায়ে',
  গা: 'গা গায়ের',
  শি: 'শি শির শিকে শিও শিই',
  জেলে: 'জেলে জেলেরা জেলেদের জেলেদেরকে জেলেকে জেলেটি জেলেসহ',
};

/** Forms that no rule can find: each stands for the first one. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  Object.entries(forms).flatMap(([pronoun, list]) => keys(list).map((form) => [form, wordKey(pronoun)] as const)),
);

/** What a form may be as well, in texts: জেলে is a fisherman or inside of a জেল, and জেলের is of either. */
export const otherReadings: ReadonlyMap<string, string> = new Map(
  [
    ['জেলে', 'জেল'],
    ['জেলের', 'জেলে'],
  ].map(([form = '', reading = '']) => [wordKey(form), wordKey(reading)] as const),
);
