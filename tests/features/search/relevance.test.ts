import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { idsOf, walk } from '../../support/walk.ts';

const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe('GET /v1/search?sort=relevance', () => {
  let room: Newsroom;
  let best: string[];
  const published = async (days: number, body: object) =>
    (await room.story({ status: 'published', publishedAt: daysAgo(days), ...body })).id;

  beforeAll(async () => {
    room = await openNewsroom();
    const inBody = await published(1, { body: 'ডাকাতিয়ার দুই পাড়ে ইলিশের হাট।', bodyFormat: 'text' });
    const apart = await published(2, { body: `ডাকাতিয়ার পাড়। ${'নানা খবর। '.repeat(40)} ইলিশের দাম।`, bodyFormat: 'text' });
    const inExcerpt = await published(500, { excerpt: 'ডাকাতিয়ার ইলিশ নিয়ে মেলা।' });
    const inTitle = await published(700, { title: 'ডাকাতিয়ায় ইলিশের ঝাঁক' });
    const asTyped = await published(900, { title: 'ডাকাতিয়া ও ইলিশ' });
    best = [asTyped, inTitle, inExcerpt, inBody, apart];
  });
  afterAll(() => room.close());

  it('puts the words as typed in the title first, then other endings there, then the excerpt, then the body by nearness', async () => {
    const { body } = await room.as(null, 'get', searchPath('ডাকাতিয়া ইলিশ', '&sort=relevance')).expect(200);
    expect(idsOf(body)).toEqual(best);
  });

  it('gives each once from page to page, and nothing that was published after the first page', async () => {
    const late: string[] = [];
    const items = await walk(room.app, searchPath('ডাকাতিয়া ইলিশ', '&sort=relevance&limit=2'), {
      between: async (page) => {
        if (page === 1) late.push(await published(0, { title: 'ডাকাতিয়া ইলিশ' }));
      },
    });
    expect(items.map(({ id }) => id)).toEqual(best);
    const { body } = await room.as(null, 'get', searchPath('ডাকাতিয়া ইলিশ', '&sort=relevance&limit=1')).expect(200);
    expect(idsOf(body)).toEqual(late);
  });

  it('refuses a cursor of the other order, and one that was edited', async () => {
    const { body } = await room.as(null, 'get', searchPath('ডাকাতিয়া', '&limit=1')).expect(200);
    const { nextCursor } = body.page;
    const codeOf = async (cursor: string) =>
      (await room.as(null, 'get', searchPath('ডাকাতিয়া', `&sort=relevance&after=${cursor}`)).expect(400)).body.code;
    expect(await codeOf(nextCursor)).toBe('invalid-cursor');
    expect(await codeOf(`${nextCursor}A`)).toBe('invalid-cursor');
  });
});

describe('GET /v1/search?highlight=true', () => {
  let room: Newsroom;
  const highlightOf = async (q: string) => {
    const { body } = await room.as(null, 'get', searchPath(q, '&highlight=true&fields=title')).expect(200);
    return body.data[0]?.highlight;
  };
  beforeAll(async () => {
    room = await openNewsroom();
    await room.story({
      status: 'published',
      title: 'মেঘনার <চর> & ঘাট',
      excerpt: 'খেয়াঘাটে অপেক্ষা।',
      body: '<h2>চরের কথা</h2><p>মেঘ<b>নায়</b> পানি &lt;কমছে&gt; &amp; নৌকা চলছে।</p><p>The ferries wait.</p>',
    });
  });
  afterAll(() => room.close());

  it('marks whole words with their endings in the title and in a passage, and escapes all else', async () => {
    expect(await highlightOf('মেঘনা')).toEqual({
      title: '<mark>মেঘনার</mark> &lt;চর&gt; &amp; ঘাট',
      passage: expect.stringContaining('<mark>মেঘনায়</mark> পানি &lt;কমছে&gt; &amp; নৌকা চলছে।'),
    });
  });

  it('takes the passage from the excerpt where the body has none, and marks other languages by their stems', async () => {
    expect(await highlightOf('খেয়াঘাট')).toEqual({ title: null, passage: '<mark>খেয়াঘাটে</mark> অপেক্ষা।' });
    expect((await highlightOf('ferry'))?.passage).toContain('The <mark>ferries</mark> wait.');
  });

  it('is not there unless it is asked for', async () => {
    const { body } = await room.as(null, 'get', searchPath('মেঘনা')).expect(200);
    expect(body.data[0]).not.toHaveProperty('highlight');
  });
});
