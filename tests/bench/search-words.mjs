import { chance } from './words.mjs';

// A vocabulary as uneven as that of a language.

/** Somewhat more than 3,000 characters of Bangla have; the words here are shorter than those. */
export const wordsInBody = 440;
export const wordsInTitle = 8;

const consonants = [...'কগচজটডতদনপবভমযরলশসহ'];
const vowels = ['', 'া', 'ি', 'ে', 'ো', 'ু'];

/** So many words, the same for all rules of the language. */
function vocabularyOf(size) {
  const random = chance(7);
  const one = (list) => list[Math.floor(random() * list.length)];
  const words = new Set();
  while (words.size < size) {
    const word =
      Array.from(
        { length: 1 + Math.floor(random() * (words.size < 3_000 ? 2 : 3)) },
        () => one(consonants) + one(vowels),
      ).join('') + one(consonants.slice(0, 4));
    words.add(word);
  }
  return [...words];
}

const size = 150_000;
export const vocabulary = vocabularyOf(size + 8);
/** Words whose places in time and beside each other are known. */
export const planted = {
  /** In 30 % of the older half and in none of the newer. */
  onlyOld: vocabulary[size],
  /** Each in 20 %, never both. */
  apart: [vocabulary[size + 1], vocabulary[size + 2]],
  /** Both in 25 %, never one after the other. */
  strangers: [vocabulary[size + 3], vocabulary[size + 4]],
  /** In ten articles of all. */
  rare: vocabulary[size + 5],
};

/** A draw of words by Zipf's law, from a table of equally likely places. */
function drawing() {
  const places = new Int32Array(1 << 20);
  let total = 0;
  for (let rank = 0; rank < size; rank += 1) total += 1 / (rank + 12);
  let place = 0;
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) {
    sum += 1 / (rank + 12);
    const end = Math.round((sum / total) * places.length);
    while (place < end) places[place++] = rank;
  }
  return (random) => vocabulary[places[Math.floor(random() * places.length)]];
}
const draw = drawing();

export const wordsOf = (random, count) => Array.from({ length: count }, () => draw(random));

/** A title and a body. */
export const storyIn = (random) => ({
  title: wordsOf(random, wordsInTitle).join(' '),
  body: `<p>${wordsOf(random, wordsInBody).join(' ')}</p>`,
});
