import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isId, newId } from '../../src/core/ids.ts';
import { isReserved, slugBytesMax, slugCodePointsMax, slugify, withSuffix } from '../../src/core/slug.ts';
import { cleanText, codePoints, utf8Bytes } from '../../src/core/text.ts';
import { anyText } from '../support/any-text.ts';

const acute = '\u0301';

/** Text made of what breaks slugs: İ, sigma, joiners, loose marks, apostrophes, emoji, jamo, halves of pairs. */
const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."İΑΣJǅকেো়ড\u0995\u09CD\u09BF\u030C\u0301\u0345\u200B\u200C\u200D\u00A0 -_'’`।,০9½Ⅷ\u20E3\uFE0F",
      ),
      fc.constantFrom(
        'ত্\u200D',
        '\u09DF',
        '\uDB40',
        '\uDD00',
        '\uD83C',
        '👨‍👩‍👧',
        '1️⃣',
        '\u1100',
        '\u0D4E',
        '😀',
        '\u{E0100}',
      ),
      fc.constantFrom('ক্ষ'.repeat(30), 'পৃথিবী'.repeat(20), acute.repeat(90), 'মেলা '.repeat(30), '\u1100'.repeat(90)),
      anyText({ maxLength: 3 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

function expectSlug(slug: string): void {
  expect(slug).toMatch(/^(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:-[\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*)?$/u);
  expect(slug).toBe(slug.normalize('NFC'));
  expect(codePoints(slug)).toBeLessThanOrEqual(slugCodePointsMax);
  expect(utf8Bytes(slug)).toBeLessThanOrEqual(slugBytesMax);
}

describe('slugify', () => {
  it.each([
    ["‘নৌকা ভিড়েছে ঘাটে', মাঝিকে জেলের খবর", 'নৌকা-ভিড়েছে-ঘাটে-মাঝিকে-জেলের-খবর'],
    ['ঢাকা-১৭: ভোট ১,১৫০ কেন্দ্রে!', 'ঢাকা-১৭-ভোট-১-১৫০-কেন্দ্রে'],
    ['র\u200D্যাব ক্\u200Cষ', 'র্যাব-ক্ষ'],
    ['উত\u09CD\u200Dসব', 'উৎসব'],
    ['Budget 2026', 'budget-2026'],
    ["Farmers’ day: it's on", 'farmers-day-its-on'],
    ['`a´b＇c‘dʼe', 'abcde'],
    ['a’b‛c′d‵e՚f׳g❛h❜iʻj｀k', 'abcdefghijk'],
    ['1\u20E3 2\uFE0F\u20E3 ❤\uFE0E পথ', '1-2-পথ'],
    ['1️⃣ নদী ❤️ পথ', '1-নদী-পথ'],
    ['R&D — <ক>', 'r-d-ক'],
    ['Ⅷ ½ ²', 'ⅷ-½-²'],
    ['__a__b--c', 'a-b-c'],
    ['co\u00ADop', 'coop'],
  ])('makes of %s %s', (title, slug) => {
    expect(slugify(title)).toBe(slug.normalize('NFC'));
  });

  it.each([[''], ['!?…।'], ['😀'], ['👨‍👩‍👧'], ['❤️'], ['🇧🇩'], ['\u0301\u09BF'], ['- -'], ['\u200D\u200C']])(
    'leaves nothing of %j',
    (title) => {
      expect(slugify(title)).toBe('');
    },
  );

  it('resolves both spellings and any case to one slug', () => {
    expect(slugify('র\u09DFটার্স')).toBe(slugify('র\u09AF\u09BCটার্স'));
    expect(slugify('BUDGET-2026')).toBe('budget-2026');
    expect(slugify('e\u200D\u0301')).toBe('\u00E9');
    expect(slugify('J\u030C')).toBe('\u01F0');
    expect(slugify('İ')).toBe('i\u0307');
  });

  it('makes a hyphen of a mark that follows no letter, digit or mark', () => {
    expect(slugify('\u09BFকথা')).toBe('কথা');
    expect(slugify('নদী \u0301\u0301পথ')).toBe('নদী-পথ');
    expect(slugify('নদী-\u09BFপথ')).toBe('নদী-পথ');
  });

  it('cuts at the last hyphen that fits', () => {
    expect(slugify('মেঘ '.repeat(40))).toBe(Array(20).fill('মেঘ').join('-'));
    expect(slugify(`${'a'.repeat(80)} b`)).toBe('a'.repeat(80));
    expect(slugify(`${'a'.repeat(79)} b`)).toBe('a'.repeat(79));
    expect(slugify(`${'a'.repeat(70)} ${'b'.repeat(20)}`)).toBe('a'.repeat(70));
  });

  it('cuts a single long word between whole letters with their signs', () => {
    expect(slugify('কিতি'.repeat(40))).toBe('কিতি'.repeat(20));
    expect(slugify(`খ${'কি'.repeat(75)}`)).toBe(`খ${'কি'.repeat(39)}`);
    expect(slugify(`a${'\u1100'.repeat(100)}`)).toBe('a');
    expect(slugify('\u1100'.repeat(100))).toBe('\u1100'.repeat(80));
    expect(slugify(`ক${'্ক'.repeat(100)}`)).toBe(`${'ক্'.repeat(40)}`);
  });

  it('is NFC, within both caps, with no hyphen at an end or doubled, for any text', () => {
    fc.assert(
      fc.property(awkward, (text) => expectSlug(slugify(text))),
      { numRuns: 300 },
    );
  });

  it('gives the slug of a slug unchanged, and the same before and after a clean', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        expect(slugify(slugify(text))).toBe(slugify(text));
        fc.pre(!/\p{Cs}/u.test(text));
        expect(slugify(cleanText(text))).toBe(slugify(text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('withSuffix', () => {
  it('adds the counter after a hyphen', () => {
    expect(withSuffix('বৃষ্টি', 2)).toBe('বৃষ্টি-2');
    expect(withSuffix('', 3)).toBe('3');
  });

  it('lets the slug give way to the counter at the cap', () => {
    expect(withSuffix('a'.repeat(80), 2)).toBe(`${'a'.repeat(78)}-2`);
    expect(withSuffix(`${'a'.repeat(76)}-bc`, 10)).toBe(`${'a'.repeat(76)}-10`);
    expect(withSuffix(`${'a'.repeat(78)}-b`, 2)).toBe(`${'a'.repeat(78)}-2`);
    expect(withSuffix('কি'.repeat(40), 100)).toBe(`${'কি'.repeat(38)}-100`);
  });

  it('gives a slug that ends in its counter, for any slug', () => {
    fc.assert(
      fc.property(awkward, fc.integer({ min: 2, max: 100_000 }), (text, n) => {
        const slug = withSuffix(slugify(text), n);
        expectSlug(slug);
        expect(slugify(slug)).toBe(slug);
        expect(slug === String(n) || slug.endsWith(`-${n}`)).toBe(true);
      }),
    );
  });

  it('never parts a letter from its sign', () => {
    const signs = fc.array(fc.constantFrom('কি', 'খু', 'গাঁ', 'ঘ', 'ষ্টি', 'ন্ধ্যা', 'য়ে'), { minLength: 60, maxLength: 80 });
    fc.assert(
      fc.property(signs, fc.integer({ min: 2, max: 999 }), (letters, n) => {
        const word = letters.join('').normalize('NFC');
        const slug = withSuffix(slugify(word), n).replace(/-\d+$/, '');
        expect(word.startsWith(slug)).toBe(true);
        expect(word.slice(slug.length)).not.toMatch(/^\p{M}/u);
        expect(slug).not.toMatch(/\u09CD$/);
      }),
    );
  });
});

describe('isReserved', () => {
  it('is true of ids in any case and of route words', () => {
    const id = '0199c7a2-6f1e-7b3a-9c4d-5e6f7a8b9c0d';
    for (const slug of [id, id.toUpperCase(), 'bulk', 'Latest', 'openapi', 'me', 'drafts', slugify('New')]) {
      expect(isReserved(slug)).toBe(true);
    }
  });

  it('is false of any other slug', () => {
    for (const slug of ['bulk-2', 'নতুন', 'news', '0199c7a26f1e7b3a9c4d5e6f7a8b9c0d', 'constructor', '']) {
      expect(isReserved(slug)).toBe(false);
    }
  });
});

describe('ids, which no slug may look like', () => {
  it('are lower-case UUIDs of version 7 that sort in the order of their making', () => {
    const ids = Array.from({ length: 50 }, newId);
    expect(new Set(ids).size).toBe(50);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) {
      expect(isId(id)).toBe(true);
      expect(id[14]).toBe('7');
    }
  });

  it('are recognised in canonical form only', () => {
    const id = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(isId(id)).toBe(true);
    for (const text of [
      id.toUpperCase(),
      id.replaceAll('-', ''),
      `{${id}}`,
      `${id}\n`,
      ` ${id}`,
      `urn:uuid:${id}`,
      '',
    ]) {
      expect(isId(text)).toBe(false);
    }
  });
});
