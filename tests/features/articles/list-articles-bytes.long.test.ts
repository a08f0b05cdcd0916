import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { minutesAgo, plantLabels, plantStories } from '../../support/stories.ts';

const bytesMax = 4_000_000;
type Page = { data: { id: string; body?: string }[]; page: { nextCursor: string | null } };

describe('a page of articles', () => {
  let room: Newsroom;
  let ids: string[];

  const read = async (path: string, who: 'editor' | null = null): Promise<{ page: Page; bytes: number }> => {
    const { body, text } = await room.as(who, 'get', path).expect(200);
    return { page: body, bytes: Buffer.byteLength(text) };
  };

  /** All pages from the first to the last, each within the bound unless it is of one item. */
  async function walk(path: string, who: 'editor' | null = null): Promise<string[][]> {
    const pages: string[][] = [];
    for (let after = ''; ; ) {
      const { page, bytes } = await read(`${path}${after}`, who);
      if (page.data.length > 1) expect(bytes).toBeLessThanOrEqual(bytesMax + 200);
      pages.push(page.data.map(({ id }) => id));
      if (page.page.nextCursor === null) return pages;
      after = `&after=${encodeURIComponent(page.page.nextCursor)}`;
    }
  }

  beforeAll(async () => {
    room = await openNewsroom();
    await plantLabels(room.app, 'tags', ['বন্যা', 'কৃষি']);
    ids = await plantStories(
      room.app,
      Array.from({ length: 8 }, (_, index) => ({ publishedAt: minutesAgo(index + 1), tags: ['বন্যা', 'কৃষি'] })),
    );
    // Quotes are two bytes in JSON, which only the items themselves tell.
    await room.app.sql(`UPDATE articles SET body = repeat('ক"', 250000), body_html = repeat('<p>ক</p>', 50000)`);
  });
  afterAll(() => room.close());

  it('ends before the item with which it would have more than 4 MB, and its cursor goes on from there', async () => {
    const ofBodies = await walk('/v1/articles?fields=body&limit=100');
    expect(ofBodies.map((page) => page.length)).toEqual([3, 3, 2]);
    expect(ofBodies.flat()).toEqual(ids);
    const ofBoth = await walk('/v1/articles?fields=body,bodyHtml&limit=5');
    expect(ofBoth.flat()).toEqual(ids);
    expect(Math.max(...ofBoth.map((page) => page.length))).toBe(2);
  });

  it('ends so under filters, in other orders and for staff too', async () => {
    expect((await walk('/v1/articles?fields=body&limit=100&tag=বন্যা,কৃষি')).flat()).toEqual(ids);
    expect((await walk('/v1/articles?fields=bodyHtml&limit=100&sort=publishedAt')).flat()).toEqual(ids.toReversed());
    expect((await walk('/v1/articles?fields=body&sort=title&status=published', 'editor')).flat().sort()).toEqual(
      ids.toSorted(),
    );
  });

  it('has one item that is longer than that by itself', async () => {
    const [first = ''] = ids;
    await room.app.sql(`UPDATE articles SET body = repeat('ক', 1500000) WHERE id = $1`, [first]);
    const { page, bytes } = await read('/v1/articles?fields=body');
    expect(page.data.map(({ id }) => id)).toEqual([first]);
    expect(bytes).toBeGreaterThan(bytesMax);
    expect(page.page.nextCursor).not.toBeNull();
  });

  it('is as long as was asked for where nothing is long', async () => {
    expect((await read('/v1/articles?limit=8')).page.data).toHaveLength(8);
    const { page } = await read('/v1/latest?limit=5');
    expect(page.data).toHaveLength(5);
    expect(page.page.nextCursor).not.toBeNull();
    expect((await read('/v1/latest?limit=8')).page.page.nextCursor).toBeNull();
  });
});
