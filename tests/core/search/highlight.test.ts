import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { highlightedMax, highlightPassage, highlightTitle } from '../../../src/core/search/highlight.ts';
import type { SearchQuery } from '../../../src/core/search/query-parts.ts';
import { asked, stemOf } from './found.ts';

const none: SearchQuery<string> = { clauses: [] };
const title = (text: string, query: string) => highlightTitle(text.normalize('NFC'), asked(query) ?? none, stemOf);
const passage = (text: string, query: string) => highlightPassage(text.normalize('NFC'), asked(query) ?? none, stemOf);
const plain = (html: string) =>
  html
    .replaceAll(/<\/?mark>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('highlightTitle', () => {
  it('marks whole words with their endings, and escapes the rest', () => {
    expect(title('<b>নদীগুলোর</b> & ‘চর’', 'নদী')).toBe('&lt;b&gt;<mark>নদীগুলোর</mark>&lt;/b&gt; &amp; ‘চর’');
    expect(title('‘পদ্মা’য় ভাঙন', 'পদ্মা')).toBe('‘<mark>পদ্মা’য়</mark> ভাঙন'.normalize('NFC'));
    expect(title('WHO-এর সতর্কতা', 'who')).toBe('<mark>WHO-এর</mark> সতর্কতা');
  });

  it('marks a phrase where it stands in order, and nothing that is left out', () => {
    expect(title('ভাঙন, নদী ও নদীর ভাঙন', '"নদী ভাঙন" -চর')).toBe('ভাঙন, নদী ও <mark>নদীর</mark> <mark>ভাঙন</mark>');
    expect(title('চরের মানুষ', 'নদী -চর')).toBeNull();
  });

  it('marks an alias, a joined word and a number in words', () => {
    expect(title('দুদকের মামলা', 'দুর্নীতি দমন কমিশন')).toBe('<mark>দুদকের</mark> মামলা');
    expect(title('মেট্রোরেলের ভাড়া', 'মেট্রো রেল')).toBe('<mark>মেট্রোরেলের</mark> ভাড়া'.normalize('NFC'));
    expect(title('৩ হাজার ২৬০ জন', '৩২৬০')).toBe('<mark>৩ হাজার ২৬০</mark> জন');
  });
});

describe('highlightPassage', () => {
  const filler = 'সকালে মাঠে কুয়াশা ছিল, দুপুরে রোদ ওঠে। '.repeat(20);

  it('shows the part of the text where most of the query is', () => {
    const html = passage(`${filler}নদীর খবর। ${filler}নদীর ভাঙনে ঘর হারাল চরের মানুষ। ${filler}`, 'নদী ভাঙন চর');
    expect(html).toContain('<mark>নদীর</mark> <mark>ভাঙনে</mark> ঘর হারাল <mark>চরের</mark> মানুষ');
    expect(html).toMatch(/^….*…$/);
    expect(plain(html ?? '').length).toBeLessThanOrEqual(242);
  });

  it('leaves a short text whole, and has nothing to show where nothing meets', () => {
    expect(passage('নদীর খবর', 'নদী')).toBe('<mark>নদীর</mark> খবর');
    expect(passage('নদীর খবর', 'title:নদী')).toBeNull();
    expect(passage(`${'ক '.repeat(highlightedMax / 2)}নদী`, 'নদী')).toBeNull();
  });

  it('cuts words without spaces between letters with their signs', () => {
    const html = passage(`${'ক্ষোঁ'.repeat(100)},নদী,${'ক্ষোঁ'.repeat(100)}`, 'নদী') ?? '';
    expect(html).toMatch(/^…(?:ক্ষোঁ)+,<mark>নদী<\/mark>,(?:ক্ষোঁ)+…$/);
  });

  it('shows any text as it is, between letters', () => {
    const parts = fc.constantFrom('নদী', 'নদীর', ' ', 'ক্ষো', '<', '&', "'", '।', 'ঁ', '\u200D', '😀', 'x');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 400 }), (made) => {
        const text = made.join('').normalize('NFC');
        const html = passage(text, 'নদী');
        const shown = plain(html ?? '').replaceAll(/^…|…$/g, '');
        expect(text).toContain(shown);
        expect(html === null || html.includes('<mark>')).toBe(true);
      }),
    );
  });
});
