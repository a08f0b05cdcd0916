import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';

let room: Newsroom;

const redirects = async (query = '') => (await room.as(null, 'get', `/v1/redirects${query}`).expect(200)).body;

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('GET /redirects', () => {
  it('lists the old slugs of what is public and where each leads now, in one hop', async () => {
    const story = await room.story({ slug: 'প্রথম-নাম', status: 'published' });
    await room.patch(story.id, { slug: 'দ্বিতীয়-নাম' }).expect(200);
    await room.patch(story.id, { slug: 'তৃতীয়-নাম' }).expect(200);
    const to = 'তৃতীয়-নাম'.normalize('NFC');
    expect((await redirects()).data).toEqual([
      { from: 'দ্বিতীয়-নাম'.normalize('NFC'), to, articleId: story.id, language: 'bn' },
      { from: 'প্রথম-নাম', to, articleId: story.id, language: 'bn' },
    ]);
  });

  it('leaves out what leads to nothing public, and what another article has taken', async () => {
    const withdrawn = await room.story({ slug: 'k-old', status: 'published' });
    await room.patch(withdrawn.id, { slug: 'k-new' }).expect(200);
    await room.step('unpublish', withdrawn.id).expect(200);
    const moved = await room.story({ slug: 'm-old', status: 'published' });
    await room.patch(moved.id, { slug: 'm-new' }).expect(200);
    await room.story({ slug: 'm-old', status: 'published' });
    const { data } = await redirects('?limit=100');
    expect(data.map(({ from }: { from: string }) => from)).not.toEqual(expect.arrayContaining(['k-old']));
    expect(data.map(({ from }: { from: string }) => from)).not.toEqual(expect.arrayContaining(['m-old']));
  });

  it('is walked to its end by keyset', async () => {
    const first = await redirects('?limit=1');
    const second = await redirects(`?limit=1&after=${first.page.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual((await redirects('?limit=2')).data);
  });
});

describe('?redirects=false', () => {
  it('gives the article by its old slug with redirectedFrom, in the place of 308', async () => {
    const story = await room.story({ slug: 'z-old', status: 'published' });
    await room.patch(story.id, { slug: 'z-new' }).expect(200);
    await room.read('z-old').expect(308);
    const { body } = await room.as(null, 'get', pathOf('z-old', '?redirects=false&include=latest')).expect(200);
    expect(body).toMatchObject({
      id: story.id,
      slug: 'z-new',
      redirectedFrom: 'z-old',
      latest: { data: expect.any(Array) },
    });
    const now = await room.as(null, 'get', pathOf('z-new', '?redirects=false')).expect(200);
    expect(now.body.redirectedFrom).toBeUndefined();
  });

  it('shows no article that is not public', async () => {
    const story = await room.story({ slug: 'y-old', status: 'published' });
    await room.patch(story.id, { slug: 'y-new' }).expect(200);
    await room.step('archive', story.id).expect(200);
    await room.as(null, 'get', pathOf('y-old', '?redirects=false')).expect(410);
  });
});
