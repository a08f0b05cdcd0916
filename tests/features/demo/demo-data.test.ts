import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { shownLabel } from '../../../src/core/label-ref.ts';
import { readDemo } from '../../../src/features/demo/demo.files.ts';

const seed = join(import.meta.dirname, '../../../prisma/seed');
const { articles, sources, tags } = readDemo('https://news.example');
const published = articles.filter((article) => article.publishedMinutesAgo !== undefined);
const scheduled = articles.filter((article) => article.publishedInHours !== undefined);
const repeats = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('the demonstration newsroom', () => {
  it('has two days of published news, newest first, one scheduled article and one draft', () => {
    const ages = published.map((article) => article.publishedMinutesAgo ?? Number.NaN);
    expect(ages.length).toBeGreaterThanOrEqual(25);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    expect(Math.max(...ages)).toBeLessThanOrEqual(2 * 24 * 60);
    expect(Math.max(...ages)).toBeGreaterThan(24 * 60);
    expect(scheduled.map((article) => article.publishedInHours)).toEqual([6]);
    expect(articles).toHaveLength(published.length + 2);
  });

  it('names only tags and sources that it has, and uses each of them', () => {
    const named = articles.map((article) => (article.tags ?? []).map(shownLabel));
    expect([...new Set(named.flat())].sort()).toEqual(tags.map((tag) => tag.name).sort());
    expect(named.filter((list) => list.length === 0)).toEqual([]);
    expect(named.flatMap(repeats)).toEqual([]);
    const credited = new Set(articles.flatMap(({ source }) => (source ? [shownLabel(source)] : [])));
    expect([...credited].sort()).toEqual(sources.map((source) => source.slug).sort());
  });

  it('repeats no title, no tag and no source', () => {
    expect(repeats(articles.map((article) => article.title))).toEqual([]);
    expect(repeats(tags.map((tag) => tag.name))).toEqual([]);
    expect(repeats(sources.map((source) => source.name))).toEqual([]);
  });

  it('is written in NFC, well-formed, trimmed and never empty', () => {
    const files = ['articles', 'sources', 'tags'].map((name) =>
      JSON.parse(readFileSync(join(seed, `${name}.json`), 'utf8')),
    );
    const texts = textsIn(files);
    expect(texts.length).toBeGreaterThan(300);
    expect(texts.filter((text) => text !== text.normalize('NFC'))).toEqual([]);
    expect(texts.filter((text) => !text.isWellFormed() || text.trim() !== text || text === '')).toEqual([]);
    expect(
      texts.filter((text) => /[\p{Cc}\u00a0\u00ad\u200b\u200e\u200f\ufeff]/u.test(text.replaceAll('\n', ''))),
    ).toEqual([]);
  });

  it('holds what Bangla needs: joiners, both kinds of digits apart, quotes and a share of English', () => {
    const bangla = articles.filter((article) => article.language === 'bn');
    const prose = bangla.map(({ title, body = '' }) => `${title} ${body.replace(/<[^>]*>|^\d+\. /gm, '')}`);
    expect(prose.filter((text) => /[0-9a-z]/i.test(text))).toEqual([]);
    const whole = prose.join(' ');
    for (const sign of ['র\u200d\u09cdয', 'ক্ষ', 'ৎ', 'ঃ', 'ঁ', '‘', '’', '।', 'দ্\u200cয']) expect(whole).toContain(sign);
    expect(articles.filter((article) => article.language === 'en')).toHaveLength(2);
  });

  it('has long and short bodies in every format, and closes each HTML element it opens', () => {
    expect(new Set(articles.map((article) => article.bodyFormat))).toEqual(new Set(['html', 'markdown', 'text']));
    const html = articles.filter((article) => article.bodyFormat === 'html').map(({ body = '' }) => body);
    expect(html.filter((body) => (body.match(/<p>/g) ?? []).length >= 6).length).toBeGreaterThanOrEqual(6);
    for (const body of html) expect(unclosed(body)).toEqual([]);
    for (const element of ['<figure>', '<table>', '<blockquote>']) expect(html.join('')).toContain(element);
  });

  it('shows only covers that exist, and every one of them', () => {
    const addresses = readdirSync(join(seed, 'covers')).map((file) => `/demo/covers/${file}`);
    const inBodies = articles.flatMap(({ body = '' }) => [...body.matchAll(/src="([^"]*)"/g)].map((match) => match[1]));
    expect(inBodies.length).toBeGreaterThan(0);
    expect(inBodies.filter((address) => !addresses.includes(address ?? ''))).toEqual([]);
    const shown = new Set(articles.map(({ cover }) => cover?.url.replace('https://news.example', '')));
    expect([...shown].sort()).toEqual(addresses.sort());
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
  it.each(readdirSync(join(seed, 'covers')))('have %s as a sound PNG of 1200 by 675 below 60 KB', (file) => {
    const png = readFileSync(join(seed, 'covers', file));
    expect(png.length).toBeLessThan(60 * 1024);
    const { chunks, header } = readPng(png);
    expect(chunks.map(({ type, sound }) => [type, sound])).toEqual([
      ['IHDR', true],
      ['IDAT', true],
      ['IEND', true],
    ]);
    expect(header).toEqual({ width: 1200, height: 675, depth: 8, colourType: 2 });
    expect(inflateSync(chunks[1]?.data ?? Buffer.alloc(0))).toHaveLength((1200 * 3 + 1) * 675);
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
