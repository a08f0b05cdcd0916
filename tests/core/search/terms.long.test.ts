import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vectorText } from '../../../src/article/search/lexemes.ts';
import { indexTerms } from '../../../src/core/search/terms.ts';
import { handedOut, stemOf } from './found.ts';

const termsOf = (text: string) => indexTerms(text.normalize('NFC'), stemOf).map(({ term }) => term);
const placed = (text: string) =>
  indexTerms(text.normalize('NFC'), stemOf).map(({ term, position }) => `${term}:${position}`);

describe('indexTerms', () => {
  it('has the stem of a noun, the verb of a verb, and both of what is both', () => {
    expect(termsOf('নদীর পাড়ে')).toEqual(['নদি', 'পা\u09DC']);
    expect(termsOf('ডেকেছেন ডাকবেন')).toEqual(['~ডাক', '~ডাক']);
    expect(termsOf('গড়ে')).toEqual(['~গড়'.normalize('NFC'), 'গ\u09DC']);
  });

  it('has words as they stand besides, marked, where it is asked for', () => {
    const terms = indexTerms('নদীর', stemOf, { wholes: true });
    expect(terms).toEqual([
      { term: 'নদি', position: 1 },
      { term: '=নদির', position: 1 },
    ]);
  });

  it('counts positions over words, with a gap between sentences', () => {
    expect(placed('চাল ডাল। তেল')).toEqual(['চাল:1', 'ডাল:2', 'তেল:4']);
  });

  it('takes an ending behind a hyphen or a quote for one', () => {
    expect(placed('‘পদ্মা’র WHO-এর ২০-এর “মেঘনা”য় বান')).toEqual(['পদ্মা:1', 'who:2', '20:3', 'মেঘনা:4', 'বান:5']);
  });

  it('has an abbreviation with dots, and a letter before a hyphen, as one word besides', () => {
    expect(termsOf('বি.এন.পি U.S. ই–কমার্স')).toEqual(
      expect.arrayContaining(['বি', 'এন', 'পি', 'বিএনপি', 'us', 'ইকমার্স']),
    );
  });

  it('reads numbers in both scripts, with commas, counting words, and in words of হাজার and লাখ', () => {
    expect(termsOf('১২,৬০০টি')).toEqual(['12600']);
    expect(termsOf('২ লাখ ৫০ হাজার ৫')).toContain('250005');
    expect(termsOf('৩ হাজার ২৬০ কোটি')).toContain('3260');
    expect(termsOf('৫.৭ লাখ')).not.toContain('700000');
    expect(termsOf('৯%')).toEqual(['9', 'শতাংশ']);
  });

  it('hands out foreign words, with the dictionary of the language', () => {
    const foreignWords = (text: string, language: string) => handedOut((stem) => indexTerms(text, stem, { language }));
    expect(foreignWords('Dhaka and DHAKA ঢাকা', 'en')).toEqual([
      { word: 'dhaka', dictionary: 'english_stem' },
      { word: 'and', dictionary: 'english_stem' },
    ]);
    expect(foreignWords('चुनाव', 'hi')).toEqual([{ word: 'चुनाव', dictionary: 'hindi_stem' }]);
    expect(foreignWords('選挙', 'ja')).toEqual([{ word: '選挙', dictionary: 'simple' }]);
  });

  it('takes names of members of objects for words like others', () => {
    expect(termsOf('constructor __proto__ valueOf')).toEqual(['constructor', 'proto', 'valueof']);
  });

  it('makes of any text terms that PostgreSQL can keep', () => {
    const letters = fc.constantFrom(...'কেরতিদেোাঁ্য়়গুলোটি১২,.-’\'"\\ \u200D\u200Caé%\u{10400}');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(letters).map((parts) => parts.join('')),
        ),
        (text) => {
          const terms = indexTerms(text, stemOf, { wholes: true });
          for (const { term, position } of terms) {
            expect(Buffer.byteLength(term)).toBeLessThan(2_046);
            expect(term).toMatch(/^[^\s\u0000]+$/);
            expect(position).toBeGreaterThan(0);
          }
          expect(vectorText([{ terms, weight: '', isTitle: false }], []).split("'").length % 2).toBe(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is bounded for texts made to cost', () => {
    for (const text of ['কে'.repeat(50_000), 'ক.'.repeat(50_000), '১ হাজার '.repeat(20_000), "ক'".repeat(50_000)])
      expect(Math.max(...termsOf(text).map((term) => Buffer.byteLength(term)))).toBeLessThan(2_046);
  });
});
