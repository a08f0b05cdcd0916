import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressFault, addressForm, keptAddress } from '../../src/core/web-address.ts';
import { anyText } from '../support/any-text.ts';

const publicUrl = 'https://news.example/api';

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%2f',
    '%5C',
    '\\',
    '?',
    '#',
    '@',
    ':',
    ':80',
    '%',
    '%zz',
    '%65',
    '%E0%A6%96',
  ),
  fc.constantFrom(
    'খবর',
    'a',
    'ſ',
    'K',
    '[',
    ']',
    '[::1]',
    '{',
    '|',
    '"',
    "'",
    ' ',
    '\u00A0',
    '\u202E',
    '\t',
    '\n',
    '。',
    '①',
    'xn--',
    '-',
  ),
  fc.constantFrom('api', 'news.example', 'https://', 'example.com', '\uD800', '👨‍👩‍👧', '+', '&', ',', ';', '='),
  anyText({ maxLength: 2 }),
);
const beginning = fc.constantFrom(
  'https://a.example/',
  'http://',
  'HTTPS://',
  `${publicUrl}/`,
  publicUrl,
  '/',
  '',
  'https://খবর.example',
);
const awkward = fc
  .tuple(beginning, fc.array(piece, { maxLength: 8 }))
  .map(([first, rest]) => [first, ...rest].join(''));

describe('addressForm', () => {
  it('gives the form of a form unchanged: a URI, which is under the public address or names a host', () => {
    fc.assert(
      fc.property(awkward, (written) => {
        const form = addressForm(written, publicUrl);
        fc.pre(form !== null);
        if (form === null) return;
        expect(addressForm(form, publicUrl)).toBe(form);
        expect(form).toMatch(/^(?:https?:\/\/[^/?#]*[a-z0-9]|\/(?!\/))(?:[\w\-.~:/?@!$&'()*+,;=#[\]]|%[0-9a-f]{2})*$/i);
        expect(form).not.toMatch(/^[^?#]*\/(?:\.|%2e){1,2}(?:[/?#]|$)/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it('can be sent back as it is shown, and a member takes it', () => {
    fc.assert(
      fc.property(awkward, (written) => {
        const form = addressForm(written, publicUrl);
        fc.pre(form !== null);
        if (form === null) return;
        const shown = form.startsWith('/') ? publicUrl + form : form;
        expect(addressForm(shown, publicUrl)).toBe(form);
        if (!/^https?:\/\/[^/?#]*@/i.test(form)) expect(addressFault(shown)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('leads where a browser goes with what was written', () => {
    fc.assert(
      fc.property(awkward, (written) => {
        const form = addressForm(written, '');
        // Browsers drop controls at the ends, where cleaned text has none, and take no bracket that is percent-encoded.
        fc.pre(!/%5b/i.test(written));
        fc.pre(form !== null && !/[\t\n\r]|[\u0000-\u001F]\s*$/.test(written));
        const place = (address: string) => {
          const { host, pathname } = new URL(address, 'https://own.example/');
          return [
            host,
            pathname.replaceAll(/[|^[\]"{}`]/g, encodeURIComponent).replaceAll(/%(?![0-9a-f]{2})/gi, '%25'),
          ];
        };
        expect(place(form ?? '')).toEqual(place(written.trim().normalize('NFC')));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('addressFault', () => {
  it('is said of all that has no form, and of no address that members show', () => {
    fc.assert(
      fc.property(awkward, (written) => {
        if (addressForm(written, publicUrl) === null) expect(addressFault(written)).toBeDefined();
        else if (addressFault(written) === undefined) expect(addressForm(written, publicUrl)).not.toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('keptAddress', () => {
  it('keeps an address of before the one form where just that is sent, and takes any other', () => {
    const before = 'https://%65xample.com/a/../b';
    expect(keptAddress('https://example.com/b', before)).toBe(before);
    expect(keptAddress('https://example.com/c', before)).toBe('https://example.com/c');
    expect(keptAddress(null, 'https://.')).toBeNull();
    expect(keptAddress(undefined, before)).toBeUndefined();
  });
});
