// The newsroom of the benchmark: Bangla and English stories put together from parts, the same for the same number.

/** A row of numbers from 0 to 1 that looks like chance and depends on nothing but the seed (mulberry32). */
export function chance(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bangla = {
  places: 'কুড়িগ্রাম,সিরাজগঞ্জ,ভোলা,বরগুনা,শেরপুর,নাটোর,জামালপুর,ঝিনাইদহ,মেহেরপুর,হবিগঞ্জ,মাদারীপুর,পটুয়াখালী,দিনাজপুর,রাঙামাটি,খুলনা,সাতক্ষীরা'.split(
    ',',
  ),
  subjects:
    'চরের কৃষক,পাটকলের শ্রমিক,স্কুলের ছাত্রী,জেলেপাড়ার মানুষ,নতুন উদ্যোক্তা,হাটের ব্যবসায়ী,গ্রামীণ ডাকঘর,নদীপারের তাঁতি,উপজেলা হাসপাতাল,পৌর গ্রন্থাগার,নারী ফুটবল দল,রেলের যাত্রী'.split(
      ',',
    ),
  deeds:
    'আগাম ফলনে খুশি,মেরামতের অপেক্ষায়,পেল নতুন ভবন,রাত জেগে পাহারায়,হাতে নিল সেচের কাজ,ফিরল মাঠে,খুলল পাঠাগার,চায় ন্যায্য দাম,শিখছে রোবট বানানো,পানি পেল তিন বছর পর,গড়ল সমবায়,ছাড়ল পুরোনো ঘাট'.split(
      ',',
    ),
  sentences: [
    'গত বছরের তুলনায় এবার কাজ শুরু হয়েছে অন্তত দুই সপ্তাহ আগে।',
    'স্থানীয় লোকজন বলছেন, রাস্তা ঠিক হলে বাজারে যাওয়ার সময় অর্ধেকে নেমে আসবে।',
    'উপজেলার হিসাবে প্রায় %N জন এ সুবিধার আওতায় এসেছেন।',
    'এ জন্য বরাদ্দ মিলেছে %N লাখ টাকা, যার বড় অংশ খরচ হবে বাঁধ উঁচু করতে।',
    'সকালের দিকে ঘাটে ভিড় থাকে বেশি, দুপুরের পর নৌকা চলে কম।',
    'প্রকৌশলীরা জানান, নকশা চূড়ান্ত হতে আরও কিছুদিন লাগবে।',
    'এলাকার প্রবীণেরা এমন আয়োজন আগে দেখেননি বলে জানালেন।',
    'শিক্ষকেরা ছুটির দিনেও পালা করে সময় দিচ্ছেন।',
    'বৃষ্টি কমলে বাকি কাজ শেষ করা যাবে বলে আশা করা হচ্ছে।',
    'হাটের দিন এখানে %N মণ পর্যন্ত ধান ওঠে।',
    'তরুণদের একটি দল হিসাব রাখছে কে কতটুকু পেলেন।',
    'চিকিৎসকেরা সপ্তাহে তিন দিন বসবেন, ওষুধ মিলবে বিনা মূল্যে।',
  ],
};

const english = {
  places: 'Kurigram,Bhola,Natore,Sherpur,Khulna,Barguna,Dinajpur,Rangamati'.split(','),
  subjects: 'Char farmers,Village weavers,River pilots,Night-school pupils,Tea growers,Rail commuters'.split(','),
  deeds:
    'open a seed bank,wait for repairs,win a fairer price,build their own ferry,go back to work,take up robotics'.split(
      ',',
    ),
  sentences: [
    'Work began two weeks earlier than it did last year.',
    'About %N people are said to be covered by the scheme so far.',
    'Neighbours expect the road to halve the way to market.',
    'Engineers say that the drawings need a little more time.',
    'The budget is %N lakh taka, most of it for a higher embankment.',
    'Volunteers keep a list of who has received what.',
  ],
};

const banglaDigits = (number) => String(number).replaceAll(/\d/g, (digit) => '০১২৩৪৫৬৭৮৯'[Number(digit)]);

/** Story number `index` in a language: title, excerpt and an HTML body of three to seven paragraphs. */
export function storyOf(index, language, random) {
  const words = language === 'en' ? english : bangla;
  const digits = language === 'en' ? String : banglaDigits;
  const one = (list) => list[Math.floor(random() * list.length)];
  const sentence = () => one(words.sentences).replace('%N', digits(10 + Math.floor(random() * 9_000)));
  const paragraph = () => `<p>${Array.from({ length: 2 + Math.floor(random() * 3) }, sentence).join(' ')}</p>`;
  const where = one(words.places);
  return {
    title: `${where}: ${one(words.subjects)} ${one(words.deeds)}`,
    slugEnd: digits(index),
    excerpt: `${sentence()} ${sentence()}`,
    kicker: random() < 0.3 ? where : null,
    html: Array.from({ length: 3 + Math.floor(random() * 5) }, paragraph).join('\n'),
  };
}

const sections = 'জাতীয়,বিশ্ব,খেলা,কৃষি,শিক্ষা,বাণিজ্য,নদী ও জল,স্বাস্থ্য,বিজ্ঞান,সংস্কৃতি'.split(',');

/** 200 tags: sections first, then ever rarer subjects. */
export const tagNames = Array.from(
  { length: 200 },
  (_, index) => sections[index] ?? `${bangla.places[index % 16]} ${banglaDigits(index)}`,
);
export const sourceNames = Array.from({ length: 20 }, (_, index) => `সংবাদ সংস্থা ${banglaDigits(index + 1)}`);
