import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formerIdentityKey, identityKey } from '../../src/core/identity-key.ts';
import { silentSigns } from '../../src/core/silent-signs.ts';
import { anyText } from '../support/any-text.ts';

const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'İΑΣJTকেো়ড\u0995\u09CD\u030C\u0301\u0345\u200B\u200C\u200D\u00A0\u2003 \t\n\uFEFF'),
      fc.constantFrom(
        'ত্\u200D',
        '\u09DF',
        '’',
        '\u02BC',
        '＇',
        '\uFE0F',
        '\u20E3',
        'Ｃ',
        '＋',
        '￣',
        '｀',
        '\uD801',
        '\uDC00',
        '👨‍👩‍👧',
        '\u0301'.repeat(40),
      ),
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

describe('identityKey', () => {
  it('is one for the two spellings of a name', () => {
    expect(identityKey('র\u09DFটার্স')).toBe(identityKey('র\u09AF\u09BCটার্স'));
    expect(identityKey('উৎসব')).toBe(identityKey('উত\u09CD\u200Dসব'));
  });

  it('is one with and without joiners, in any case, with any spaces', () => {
    expect(identityKey('র\u200D্যাব')).toBe(identityKey('র্যাব'));
    expect(identityKey('ক্\u200Cষ')).toBe(identityKey('ক্ষ'));
    expect(identityKey('COVID ')).toBe('covid');
    expect(identityKey('\u00A0নদী \u2003\t পথ\n')).toBe('নদী পথ');
    expect(identityKey('নদী \u200D পথ')).toBe('নদী পথ');
    expect(identityKey('J\u200D\u030C')).toBe('\u01F0');
  });

  it.each([
    [
      'an apostrophe of any kind',
      ["Qur'an", ...'`´ʹʻʼʽʾʿˮ՚׳‘’‛′‵❛❜＇｀ꞌ'].map((sign) => sign.replace(/^.$/u, 'Qur$&an')),
    ],
    ['a variation selector', ['❤', '❤\uFE0F', '❤\uFE0E']],
    ['a keycap', ['1 নম্বর', '1\uFE0F\u20E3 নম্বর', '1\u20E3 নম্বর']],
    ['full-width forms', ['AT&T (BD)', 'ＡＴ＆Ｔ （ＢＤ）', 'ａｔ＆ｔ\u3000（ｂｄ）']],
    ['full-width signs', ['£5 ¥7', '￡５ ￥７']],
  ])('is one with and without %s', (_, names) => {
    expect(new Set(names.map(identityKey)).size).toBe(1);
  });

  it('keeps punctuation, full-width or not', () => {
    const names = ['C', 'C+', 'C++', 'C#', 'AT&T', 'ATT', 'AT T', 'ক-খ', 'কখ', 'ক/খ', '¯', '“ক”', 'ক!', '.NET', 'NET'];
    expect(new Set(names.map(identityKey)).size).toBe(names.length);
    expect(identityKey('Ｃ＋＋')).toBe('c++');
  });

  it('is what it was for names without such signs', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        fc.pre(
          !new RegExp(`${silentSigns.source}|[\\u02B9-\\u02EE\\u07F4\\u07F5\\uA78B\\uA78C\\uFF01-\\uFFE6]`, 'u').test(
            text.normalize('NFC'),
          ),
        );
        expect(formerIdentityKey(text)).toBe(identityKey(text));
      }),
    );
  });

  it('tells apart what a search would fold', () => {
    expect(identityKey('দীন')).not.toBe(identityKey('দিন'));
    expect(identityKey('আ.লীগ')).not.toBe(identityKey('আ লীগ'));
    expect(identityKey('২০২৬')).not.toBe(identityKey('2026'));
  });

  it('is empty when nothing is left', () => {
    expect(identityKey(' \u200D\u200C\u00A0')).toBe('');
  });

  it('is its own key, in NFC', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const key = identityKey(text);
        expect(identityKey(key)).toBe(key);
        expect(key).toBe(key.normalize('NFC').trim());
        expect(key).not.toMatch(/[\u200C\u200D]| {2}|[^\S ]/);
      }),
      { numRuns: 300 },
    );
  });
});
