import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { plantStories } from '../../support/stories.ts';
import { idsOf, nextOf, readPage } from '../../support/walk.ts';

const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe('GET /v1/search', () => {
  let room: Newsroom;
  const titlesOf = async (q: string, { as = null, rest = '' }: { as?: Caller; rest?: string } = {}) => {
    const { body } = await room.as(as, 'get', searchPath(q, rest)).expect(200);
    return body.data.map(({ title }: { title: string }) => title);
  };
  const published = (body: { title: string; [member: string]: unknown }, days: number) =>
    room.story({ status: 'published', publishedAt: daysAgo(days), ...body });

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('ends a page where 2,000 candidates are spent, and goes on from there', async () => {
    const close = Array.from({ length: 2_300 }, (_, index) => ({
      title: 'কুয়াশা ভেজা',
      publishedAt: daysAgo(30 + index / 1e4),
    }));
    await plantStories(room.app, close);
    await room.app.services.fillEntries(new AbortController().signal);
    const { id } = await published({ title: 'ভেজা কুয়াশা' }, 300);
    const pages: number[] = [];
    for (let next: string | undefined = searchPath('"ভেজা কুয়াশা"'); next !== undefined; ) {
      const { data, link } = await readPage(room.app, next);
      pages.push(data.length);
      if (data.length > 0) expect(idsOf({ data })).toEqual([id]);
      next = nextOf(link);
    }
    expect(pages).toEqual([0, 1]);
  }, 60_000);

  it('takes the longest of bodies, of nothing but different words', async () => {
    const body = Array.from({ length: 35_000 }, (_, index) => `অ${index.toString(36)}`).join(' ');
    const { id } = await published({ title: 'অভিধানের পাতা', body, bodyFormat: 'text' }, 1);
    expect(await titlesOf('অভিধান')).toEqual(['অভিধানের পাতা']);
    await room.patch(id, { title: 'শব্দকোষের পাতা' }).expect(200);
    expect(await titlesOf('শব্দকোষ')).toEqual(['শব্দকোষের পাতা']);
  });
});
