import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRef } from '../../src/core/ref.ts';
import { isWrittenAsSlug, slugify } from '../../src/core/slug.ts';
import { textFault } from '../../src/core/text.ts';
import { anyText } from '../support/any-text.ts';

describe('a reference', () => {
  it.each([
    ['কৃষি', 'কৃষি'],
    ['Covid 19', 'covid-19'],
    ['র\u09DFটার্স', 'র\u09AF\u09BCটার্স'],
    ['জামায়া\u200Cত', 'জামায়াত'],
    ['ক্ষ‍ণ', 'ক্ষণ'],
    ['a️b', 'ab'],
    ['1⃣', '1'],
    ['-a-', 'a'],
    ['a--b', 'a-b'],
    ['Ⅷ', 'ⅷ'],
  ])('reads %j as the slug %j', (text, slug) => {
    expect(readRef(text)).toEqual({ slug });
  });

  it.each(['', '-', '😀', 'latest', 'LATEST', 'a\u0000', '\ud800', `ক${'\u0301'.repeat(9)}`])('is not %j', (text) => {
    expect(readRef(text)).toBeNull();
  });

  it('says quickly of a text that it is its own slug only where the whole way says the same', () => {
    const sign = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...'কখয়ড়ঢািীোেৈৌঁং্ৎ০৯aZ9-_ .') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '\u09BC',
          '\u0301',
          '\u0345',
          '\u200D',
          '\u200C',
          '\uFE0F',
          '\u20E3',
          '\u09D7',
          'ß',
          'ſ',
          'Σ',
          'İ',
          'Ⅷ',
          'ʼ',
        ),
      },
      { weight: 1, arbitrary: anyText({ minLength: 1, maxLength: 1 }) },
    );
    let settled = 0;
    const text = fc.array(sign, { minLength: 1, maxLength: 12 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(text, (value) => {
        if (!isWrittenAsSlug(value)) return;
        settled += 1;
        expect([slugify(value), textFault(value)]).toEqual([value, undefined]);
      }),
      { numRuns: 5_000, seed: 2_026 },
    );
    expect(settled).toBeGreaterThan(300);
  });

  it('knows every slug that it makes of ordinary words', () => {
    for (const title of ['নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ', 'Rain returns to Kurigram', 'ঢাকা-১৭ আসনে ভোট']) {
      expect(isWrittenAsSlug(slugify(title))).toBe(true);
    }
  });
});
