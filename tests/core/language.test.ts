import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalLanguage, languageTagMax } from '../../src/core/language.ts';
import { anyText } from '../support/any-text.ts';

describe('canonicalLanguage', () => {
  it.each([
    ['bn', 'bn'],
    ['BN', 'bn'],
    ['bn-bd', 'bn-BD'],
    ['en-us', 'en-US'],
    ['ZH-HANT-tw', 'zh-Hant-TW'],
    ['ca-VALENCIA', 'ca-valencia'],
    ['iw', 'he'],
    ['und', 'und'],
    ['bn-u-nu-latn', 'bn-u-nu-latn'],
    ['en-X-Desk', 'en-x-desk'],
  ])('makes of %s %s', (tag, canonical) => {
    expect(canonicalLanguage(tag)).toBe(canonical);
  });

  it.each([
    [''],
    ['b'],
    ['bn_BD'],
    ['bn-'],
    ['-bn'],
    [' bn'],
    ['bn\n'],
    ['bn\u0000'],
    ['bengali'],
    ['বাংলা'],
    ['bn,en'],
    ['*'],
    ['x-desk'],
    ['i-klingon'],
    ['bn-BD-BD-BD'],
    ['bn-u'],
    [`en-x-${'a'.repeat(8)}-${'b'.repeat(8)}-${'c'.repeat(8)}-${'d'.repeat(8)}`],
  ])('refuses %j', (tag) => {
    expect(canonicalLanguage(tag)).toBeUndefined();
  });

  it('never throws, and keeps a canonical tag as it is', () => {
    const subtag = fc.constantFrom('bn', 'EN', 'us', 'Latn', 'x', 'u', 'nu', '1994', 'valencia', 'sh', '_', '');
    const tags = fc.oneof(
      fc.array(subtag, { maxLength: 6 }).map((each) => each.join('-')),
      anyText(),
    );
    fc.assert(
      fc.property(tags, (tag) => {
        const canonical = canonicalLanguage(tag);
        if (canonical === undefined) return;
        expect(canonicalLanguage(canonical)).toBe(canonical);
        expect(canonicalLanguage(tag.toUpperCase())).toBe(canonical);
        expect(canonical.length).toBeLessThanOrEqual(languageTagMax);
      }),
    );
  });
});
