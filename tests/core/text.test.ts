import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanMultiline, cleanText, codePoints, textFault, utf8Bytes } from '../../src/core/text.ts';
import { anyText } from '../support/any-text.ts';

const khandaTa = '\u09CE';
const acute = '\u0301';
const scotland = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}';

/** Text made of what breaks cleaning: joiners, marks, breaks, halves of pairs, both spellings, any code unit. */
const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'ত্যেো়ড\u09A4\u09CDa\u0301\u0344\u200B\u200C\u200D\u00AD\u202E\uFEFF\u00A0\u3000\r\n\t\v\u0085\u2028',
      ),
      fc.constantFrom('ত্\u200D', '\u09DF', '\uD83C', '\uDFF4', scotland, '👨‍👩‍👧', '\u0000', acute.repeat(40)),
      anyText({ maxLength: 3 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

describe('cleanText', () => {
  it('gives both spellings of a letter one', () => {
    expect(cleanText('\u09DF')).toBe('\u09AF\u09BC');
    expect(cleanText('র\u09DFটার')).toBe(cleanText('র\u09AF\u09BCটার'));
    expect(cleanText('ক\u09C7\u09BE')).toBe('ক\u09CB');
    expect(cleanText('ক\u09C7\u200B\u09BE')).toBe('ক\u09CB');
  });

  it('writes ত, hasanta and ZWJ as ৎ, also with an invisible character between them', () => {
    expect(cleanText('উৎসব')).toBe('উৎসব');
    expect(cleanText('উত\u09CD\u200Dসব')).toBe(`উ${khandaTa}সব`);
    expect(cleanText('উত\u200B\u09CD\uFEFF\u200Dসব')).toBe(`উ${khandaTa}সব`);
    expect(cleanText('ত\u09CDত')).toBe('ত\u09CDত');
  });

  it('drops BOM, zero-width space, soft hyphen, bidi controls and other control characters', () => {
    expect(cleanText('\uFEFFখ\u200Bব\u00ADর\u202E\u2066\u061C\u200E\u200F')).toBe('খবর');
    expect(cleanText('\u0000a\u0007b\u001Bc\u007Fd\u0080e\u009F')).toBe('abcde');
  });

  it('keeps joiners, emoji, digits, quotes and danda as typed', () => {
    const typed = 'র\u200D্যাব ক্\u200Cষ ‘ঘুড়ি’ "১২৩" ৪৫৬ 123। 👨‍👩‍👧 ❤️ 1️⃣ R&D <ক>';
    expect(cleanText(typed)).toBe(typed.normalize('NFC'));
    expect(cleanText(typed)).toContain('👨\u200D👩\u200D👧');
    expect(cleanText(typed)).toContain('র\u200D্যাব ক্\u200Cষ');
  });

  it('makes NBSP a space and trims, so that only spaces are no text', () => {
    expect(cleanText('\u00A0নদী\u00A0পথ\u00A0')).toBe('নদী পথ');
    expect(cleanText(' \u00A0\u200B\u3000\n')).toBe('');
    expect(cleanText('নদী  পথ')).toBe('নদী  পথ');
  });

  it.each([
    ['joiners', '\u200D\u200C \u200D'],
    ['a word joiner', '\u2060'],
    ['variation selectors', '\uFE0F\u{E0100}'],
    ['Hangul fillers', '\u3164\u115F\uFFA0'],
    ['the grapheme joiner', '\u034F'],
  ])('is no text where there is nothing to see but %s', (_, unseen) => {
    expect(cleanText(unseen)).toBe('');
    expect(cleanMultiline(`${unseen}\n${unseen}`)).toBe('');
    expect(cleanText(`ক${unseen}খ`)).toBe(`ক${unseen}খ`);
  });

  it('folds a run of line breaks and tabs to one space', () => {
    expect(cleanText('নদী\r\n\t\u2028\u2029\u0085\v\fপথ')).toBe('নদী পথ');
    expect(cleanText('নদী\r\u200B\nপথ')).toBe('নদী পথ');
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(awkward, (text) => expect(cleanText(cleanText(text))).toBe(cleanText(text))));
  });

  it('gives NFC without a line break or anything invisible at an end', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const clean = cleanText(text);
        expect(clean).toBe(clean.normalize('NFC').trim());
        expect(clean).not.toMatch(/[\p{Cc}\u00A0\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u);
        expect(clean).not.toContain('\u09A4\u09CD\u200D');
      }),
    );
  });

  it('cuts an endless row of marks, which NFC would take minutes to sort', () => {
    const clean = cleanText(`a${'\u0301\u0316'.repeat(200_000)}b`);
    expect(codePoints(clean)).toBeLessThan(40);
    expect(clean).toBe(clean.normalize('NFC'));
    expect(clean.endsWith('b')).toBe(true);
  });
});

describe('cleanMultiline', () => {
  it('keeps line breaks, blank lines and tabs, and makes every break LF', () => {
    expect(cleanMultiline('এক\r\nদুই\rতিন\n\nচার\tপাঁচ\u2028ছয়\vসাত')).toBe(
      'এক\nদুই\nতিন\n\nচার\tপাঁচ\nছয়\nসাত'.normalize('NFC'),
    );
  });

  it('makes one break of a CR and LF that an invisible character parted', () => {
    expect(cleanMultiline('এক\r\u200B\nদুই')).toBe('এক\nদুই');
  });

  it('otherwise cleans as a single line does', () => {
    expect(cleanMultiline(' \uFEFF\u09DF\u00A0উত\u09CD\u200Dসব\u0007\n')).toBe('\u09AF\u09BC উৎসব');
    fc.assert(
      fc.property(awkward, (text) => {
        const line = text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, '');
        expect(cleanMultiline(line)).toBe(cleanText(line));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(awkward, (text) => expect(cleanMultiline(cleanMultiline(text))).toBe(cleanMultiline(text))));
  });
});

describe('textFault', () => {
  it.each([
    ['null-character', 'ক\u0000খ'],
    ['lone-surrogate', 'ক\uD83C'],
    ['lone-surrogate', '\uDC00ক'],
    ['lone-surrogate', '\uD83C\u200B\uDFF4'],
    ['tag-character', 'ক\u{E0041}'],
    ['tag-character', '\u{1F3F4}\u{E0067}\u{E0062}'],
    ['tag-character', `${scotland}\u{E007F}`],
    ['tag-character', '\u{1F3F4}\u{E007F}'],
    ['tag-character', '\u{1F3F4}\u200B\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}'],
    ['tag-character', `\u{1F3F4}${'\u{E0061}'.repeat(8)}\u{E007F}`],
    ['combining-marks', `a${acute.repeat(9)}`],
    ['combining-marks', `ক${'\u09CD'.repeat(9)}`],
    ['combining-marks', `x${acute.repeat(5)}\u200B${acute.repeat(5)}`],
    ['combining-marks', `x${`${acute}\u200D`.repeat(9)}`],
    ['combining-marks', `x${acute.repeat(5)}\u0007${acute.repeat(5)}`],
    ['combining-marks', `x${'\u0344'.repeat(5)}`],
  ])('names %s', (fault, text) => {
    expect(textFault(text)).toBe(fault);
  });

  it('lets real text pass', () => {
    const texts = ['', 'র\u200D্যাব ও ক্\u200Cষ', 'চাঁদের হাসি।', scotland, `${scotland}${scotland}`, '🏴‍☠️', '👨‍👩‍👧 1️⃣ ❤️'];
    for (const text of [...texts, `x${acute.repeat(8)}`, 'এক\r\nদুই\tতিন', 'Tiếng Việt'.normalize('NFD')]) {
      expect(textFault(text)).toBeUndefined();
    }
  });

  it('passes whatever it has passed once more after a clean', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        fc.pre(textFault(text) === undefined);
        expect(textFault(cleanText(text))).toBeUndefined();
        expect(textFault(cleanMultiline(text))).toBeUndefined();
      }),
    );
  });
});

describe('sizes', () => {
  it('count code points and UTF-8 bytes, not code units', () => {
    expect(codePoints('ক😀a')).toBe(3);
    expect(utf8Bytes('ক😀a')).toBe(8);
    expect(codePoints('')).toBe(0);
    expect(utf8Bytes('\uD83C')).toBe(3);
  });

  it('agree with a spread and with Buffer', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        expect(codePoints(text)).toBe([...text].length);
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
