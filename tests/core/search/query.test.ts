import { describe, expect, it } from '@jest/globals';
import { queryTexts } from '../../../src/article/search/query-texts.ts';
import { Failure } from '../../../src/core/errors.ts';
import { openAliases } from '../../../src/core/search/aliases.ts';
import { possibleQuery } from '../../../src/core/search/excluded.ts';
import { parseQuery, queryTermsMax, stemmedQuery } from '../../../src/core/search/query.ts';
import { aliases, asked, finds, handedOut } from './found.ts';

const failureOf = (query: string) => {
  try {
    return parseQuery(query, aliases);
  } catch (error) {
    return error instanceof Failure ? { kind: error.kind, errors: error.extras.errors } : error;
  }
};

describe('parseQuery', () => {
  it('asks for every word, in any order', () => {
    expect(finds('বৃষ্টি ঢাকা', 'ঢাকায় বৃষ্টির আভাস')).toBe(true);
    expect(finds('বৃষ্টি সিলেট', 'ঢাকায় বৃষ্টির আভাস')).toBe(false);
  });

  it('asks for a quoted phrase in order, with whatever endings', () => {
    expect(finds('"নদী ভাঙন"', 'নদীর ভাঙনে ঘরহারা')).toBe(true);
    expect(finds('“নদী ভাঙন”', 'ভাঙনে নদী')).toBe(false);
    expect(finds('"ঘর নদী"', 'শূন্য ঘর। নদী শান্ত')).toBe(false);
  });

  it('leaves out what has a word after a minus sign, or a phrase', () => {
    expect(finds('নদী -ভাঙন', 'নদীর ভাঙনে ঘরহারা')).toBe(false);
    expect(finds('নদী -"ঘর ভাঙন"', 'নদীর ভাঙনে ঘরহারা')).toBe(true);
    expect(finds('নদী - ভাঙন', 'নদীর ভাঙনে ঘরহারা')).toBe(true);
  });

  it('has nothing to find where a word is wanted and excluded, in any ending', () => {
    const possible = (query: string) => possibleQuery(asked(query) ?? { clauses: [] });
    expect(possible('নদী -নদীর')).toBeNull();
    expect(possible('"নদীর বড় চর" ঘর -চর')).toBeNull();
    expect(possible('title:নদী -নদী')).toBeNull();
    expect(possible('নদী -title:নদী')).toEqual(asked('নদী -title:নদী'));
    expect(possible('নদী -"নদীর চর"')).toEqual(asked('নদী -"নদীর চর"'));
  });

  it('still looks for two words in a title where the joined one is excluded', () => {
    const [wanted] = possibleQuery(asked('নৌকাবাইচ -নৌকাবাইচ') ?? { clauses: [] })?.clauses ?? [];
    expect(wanted?.alternatives.length).toBeGreaterThan(0);
    expect(wanted?.alternatives.every(({ slots, titleOnly }) => titleOnly && slots.length === 2)).toBe(true);
  });

  it('marks what is asked of the title alone', () => {
    const clauses = asked('title:নদী শিরোনাম:"ভাঙন রোধ" চর')?.clauses;
    expect(clauses?.map(({ titleOnly }) => titleOnly)).toEqual([true, true, false]);
  });

  it('has nothing to ask where no word is left, or only negatives', () => {
    for (const query of ['…', '"" -', '-নদী', '-"নদী ভাঙন" -চর', '\u200D']) expect(asked(query)).toBeNull();
  });

  it('needs no word that only ties others, unless it is all there is', () => {
    expect(finds('চাল ও ডাল', 'চাল, ডালের দর')).toBe(true);
    expect(finds('ও', 'চাল ও ডাল')).toBe(true);
    expect(finds('"চাল ও ডাল"', 'চাল, ডালের দর')).toBe(false);
  });

  it('needs no title before a name, unless nothing follows it', () => {
    expect(finds('ড. ইউনূস', 'মুহাম্মদ ইউনূসের ভাষণ')).toBe(true);
    expect(finds('ডা', 'মুহাম্মদ ইউনূসের ভাষণ')).toBe(false);
    expect(finds('title:ডা শফিক', 'শফিকের চিঠি')).toBe(false);
    expect(asked('ড ঢ')?.clauses).toHaveLength(2);
  });

  it('takes নয়, এক and বারো for numbers only with what they count', () => {
    expect(finds('৯ মাস', 'নয় মাসের যুদ্ধ')).toBe(true);
    expect(finds('এক মাস', '১ মাসে')).toBe(true);
    expect(finds('৯ মাস', 'এ মাসে শেষ নয়')).toBe(false);
    expect(finds('৯', 'শেষ নয়')).toBe(false);
  });

  it('refuses a thirteenth word, and names the parameter', () => {
    const words = 'এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো';
    expect(parseQuery(words, aliases)?.clauses).toHaveLength(12);
    expect(failureOf(`${words} তেরো`)).toEqual({
      kind: 'InvalidInput',
      errors: [{ in: 'query', pointer: '/q', detail: 'A search may have 12 words at most; leave some out.' }],
    });
  });

  it('refuses what its spellings make too much of, and never asks for more terms than it may', () => {
    const many = openAliases([Array.from({ length: 40 }, (_, index) => `শব্দ${'কখগঘচছজঝ'[index % 8]}${index}`)]);
    expect(() => parseQuery('শব্দক0 শব্দখ1', many)).toThrow(Failure);
    const long = parseQuery('বিশ্ববিদ্যালয়গুলোর শিক্ষকনেতাদের কর্মবিরতিতে যানবাহনচালকদের অংশগ্রহণ', aliases);
    const terms = long?.clauses.flatMap(({ alternatives }) => alternatives.flatMap(({ slots }) => slots));
    expect(terms?.flatMap((slot) => slot.terms).length).toBeLessThanOrEqual(queryTermsMax);
  });

  it('takes words joined that were typed apart, and apart that were typed joined, in titles', () => {
    const [typed, inTitles] = queryTexts(asked('চা বাগান') ?? { clauses: [] }).ways.map((way) => way.join());
    expect(typed).not.toContain('চাবাগান');
    expect(inTitles).toContain("'^চাবাগান'");
    expect(inTitles).not.toContain("'চাবাগান'");
    expect(finds('নৌকাবাইচ', 'নৌকা বাইচে মানুষের ঢল')).toBe(true);
    expect(finds('পুলিশের গুলি', 'পুলিশের টহল')).toBe(false);
  });

  it('hands out words of other letters, for the dictionary of the language', () => {
    const foreignIn = (text: string, language?: string) =>
      handedOut((stem) => stemmedQuery(parseQuery(text, aliases, language) ?? { clauses: [] }, stem));
    expect(foreignIn('Floods বন্যা')).toEqual([{ word: 'floods', dictionary: 'english_stem' }]);
    expect(foreignIn('Häuser', 'de-AT')).toEqual([{ word: 'häuser', dictionary: 'german_stem' }]);
  });

  it('writes a tsquery whose words are quoted', () => {
    const { ways, exact } = queryTexts(asked("it's -o\\n") ?? { clauses: [] });
    expect(ways).toEqual([["((('it')))"]]);
    expect(exact).toBe("!((('o')<->('n')))");
  });
});
