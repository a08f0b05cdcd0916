import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, fullStory, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

describe('PATCH /v1/articles/{idOrSlug} with what is there', () => {
  let room: Newsroom;
  let full: object;

  /** What a form sends back: every member that a caller may write, as GET showed it. */
  const writable = (shown: Partial<Story>) => {
    const { language, slug, kicker, title, excerpt, body, bodyFormat, cover, byline, deskInitials } = shown;
    const { source, sourceUrl, sourceItemId, tags, publishedAt, expiresAt } = shown;
    const refs = { source: source?.slug ?? null, tags: tags?.map((tag) => tag.id) };
    const rest = { byline, deskInitials, sourceUrl, sourceItemId, publishedAt, expiresAt };
    return { language, slug, kicker, title, excerpt, body, bodyFormat, cover, ...rest, ...refs };
  };

  beforeAll(async () => {
    room = await openNewsroom();
    full = await fullStory(room);
  });
  afterAll(() => room.close());

  it.each([
    ['html', '<p>ক <a href="/tag/নদী">নদী</a> &amp; <img src="/media/a.jpg" alt=""></p><script>x()</script>'],
    ['markdown', '**ক** [নদী](/tag/নদী) & ![](/media/a.jpg)\n\n> খ'],
    ['text', 'ক < খ & গ\n\nঘ'],
  ])(
    'answers what GET showed, sent back, with the same version and no revision or event: %s',
    async (bodyFormat, body) => {
      const story = await room.story({ ...full, sourceItemId: bodyFormat, body, bodyFormat, status: 'published' });
      const seen = await room.seen(story.id);
      for (let round = 0; round < 5; round += 1) {
        const answer = await changesNothing(room, () => room.patch(story.id, writable(seen)));
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({ ...seen, warnings: [] });
      }
    },
  );

  it('takes back from an author what GET showed of a draft, its dates and slug among it', async () => {
    const story = await room.story({ body: '<p>ক</p>' }, 'author');
    const unchanged = () => room.patch(story.id, writable(story), { as: 'author' });
    expect((await changesNothing(room, unchanged)).status).toBe(200);
    await room.step('publish', story.id).expect(200);
    const { body: returned } = await room.step('unpublish', story.id).expect(200);
    expect(returned.publishedAt).not.toBeNull();
    const again = () => room.patch(story.id, writable(returned), { as: 'author' });
    expect((await changesNothing(room, again)).status).toBe(200);
    const slug = () => room.patch(story.id, { slug: 'onno' }, { as: 'author' });
    expect((await changesNothing(room, slug)).status).toBe(403);
  });

  it('takes back the id that stands for the slug of a title without letters', async () => {
    const story = await room.story({ title: '!!!' });
    expect(story.slug).toBe(story.id);
    const back = await changesNothing(room, () => room.patch(story.id, { slug: story.slug, title: story.title }));
    expect(back.status).toBe(200);
  });
});
