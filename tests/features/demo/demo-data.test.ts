import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { coverFor, coverNames, coverPng } from '../../../src/features/demo/cover-image.ts';
import { demoArticles } from '../../../src/features/demo/demo-articles.ts';
import { demoSources } from '../../../src/features/demo/demo-sources.ts';
import { demoTags } from '../../../src/features/demo/demo-tags.ts';

const inState = (state: string) => demoArticles.filter((article) => article.state === state);
const repeats = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('the demonstration newsroom', () => {
  it('has two days of published news, newest first, one scheduled article and one draft', () => {
    const ages = inState('published').map((article) => article.minutesAgo ?? Number.NaN);
    expect(ages.length).toBeGreaterThanOrEqual(25);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    expect(Math.min(...ages)).toBeGreaterThan(0);
    expect(Math.max(...ages)).toBeLessThanOrEqual(2 * 24 * 60);
    expect(Math.max(...ages)).toBeGreaterThan(24 * 60);
    expect(inState('scheduled').map((article) => article.inHours)).toEqual([6]);
    expect(inState('draft')).toHaveLength(1);
    const timed = demoArticles.filter((article) => article.state !== 'published' && article.minutesAgo !== undefined);
    expect(timed).toEqual([]);
  });

  it('names only tags and sources that it has, and uses each of them', () => {
    const used = new Set(demoArticles.flatMap((article) => article.tags));
    expect([...used].sort()).toEqual(demoTags.map((tag) => tag.name).sort());
    expect(demoArticles.filter((article) => article.tags.length === 0)).toEqual([]);
    expect(demoArticles.flatMap((article) => repeats(article.tags))).toEqual([]);
    const credited = new Set(demoArticles.flatMap((article) => article.source ?? []));
    expect([...credited].sort()).toEqual(demoSources.map((source) => source.slug).sort());
  });

  it('repeats no title, no tag and no source', () => {
    expect(repeats(demoArticles.map((article) => article.title))).toEqual([]);
    expect(repeats(demoTags.map((tag) => tag.name))).toEqual([]);
    expect(repeats(demoSources.map((source) => source.slug))).toEqual([]);
  });

  it('is written in NFC, well-formed, trimmed and never empty', () => {
    const texts = textsIn([demoArticles, demoTags, demoSources]);
    expect(texts.filter((text) => text !== text.normalize('NFC'))).toEqual([]);
    expect(texts.filter((text) => !text.isWellFormed() || text.trim() !== text || text === '')).toEqual([]);
    expect(
      texts.filter((text) => /[\p{Cc}\u00a0\u00ad\u200b\u200e\u200f\ufeff]/u.test(text.replaceAll('\n', ''))),
    ).toEqual([]);
  });

  it('holds what Bangla needs: joiners, both kinds of digits apart, quotes and a share of English', () => {
    const bangla = demoArticles.filter((article) => article.language === 'bn');
    const prose = bangla.map((article) => `${article.title} ${article.body.replace(/<[^>]*>|^\d+\. /gm, '')}`);
    expect(prose.filter((text) => /[0-9a-z]/i.test(text))).toEqual([]);
    const whole = prose.join(' ');
    for (const sign of ['র\u200d\u09cdয', 'ক্ষ', 'ৎ', 'ঃ', 'ঁ', '‘', '’', '।', 'দ্\u200cয']) expect(whole).toContain(sign);
    expect(demoArticles.filter((article) => article.language === 'en')).toHaveLength(2);
  });

  it('has long and short bodies in every format, and closes each HTML element it opens', () => {
    expect(new Set(demoArticles.map((article) => article.bodyFormat))).toEqual(new Set(['html', 'markdown', 'text']));
    const html = demoArticles.filter((article) => article.bodyFormat === 'html').map((article) => article.body);
    expect(html.filter((body) => (body.match(/<p>/g) ?? []).length >= 6).length).toBeGreaterThanOrEqual(6);
    for (const body of html) expect(unclosed(body)).toEqual([]);
    for (const element of ['<figure>', '<table>', '<blockquote>']) expect(html.join('')).toContain(element);
  });

  it('shows only covers that exist inside bodies', () => {
    const shown = demoArticles.flatMap((article) =>
      [...article.body.matchAll(/src="([^"]*)"/g)].map((match) => match[1]),
    );
    const addresses = coverNames.map((name) => `/demo/covers/${name}.png`);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((address) => !addresses.includes(address ?? ''))).toEqual([]);
  });
});

/** The elements still open at the end, or the first one closed out of turn. */
function unclosed(html: string): string[] {
  const open: string[] = [];
  for (const [, close, name = ''] of html.matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
    if (name === 'img') continue;
    if (close === '') open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}

describe('the cover pictures', () => {
  it('are twelve, named for an address, and taken in turn', () => {
    expect(coverNames).toHaveLength(12);
    expect(coverNames.filter((name) => !/^[a-z]+$/.test(name))).toEqual([]);
    expect(Array.from({ length: 13 }, (_, i) => coverFor(i))).toEqual([...coverNames, coverNames[0]]);
  });

  it.each(coverNames)('draws %s as a sound PNG of 1200 by 675 below 60 KB', (name) => {
    const png = coverPng(name);
    expect(png.length).toBeLessThan(60 * 1024);
    const { chunks, header } = readPng(png);
    expect(chunks.map(({ type, sound }) => [type, sound])).toEqual([
      ['IHDR', true],
      ['IDAT', true],
      ['IEND', true],
    ]);
    expect(header).toEqual({ width: 1200, height: 675, depth: 8, colourType: 2 });
    const lines = inflateSync(chunks[1]?.data ?? Buffer.alloc(0));
    expect(lines).toHaveLength((1200 * 3 + 1) * 675);
    expect(new Set(lines).size).toBeGreaterThan(50);
  });

  it('draws the same bytes for the same name and another picture for another name', () => {
    expect(coverPng('night').equals(coverPng('night'))).toBe(true);
    const small = { width: 160, height: 90 };
    const pictures = [...coverNames, 'somewhere', 'elsewhere'].map((name) => coverPng(name, small).toString('base64'));
    expect(repeats(pictures)).toEqual([]);
    expect(readPng(coverPng('sea', small)).header).toMatchObject(small);
  });
});

function readPng(png: Buffer) {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks: { type: string; data: Buffer; sound: boolean }[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    const sound = crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end), sound });
    at = end + 4;
  }
  const header = chunks[0]?.data ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return { chunks, header: { width, height, depth: header[8], colourType: header[9] } };
}
