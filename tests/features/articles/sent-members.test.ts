import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fullStory, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

let room: Newsroom;
let full: object;

beforeAll(async () => {
  room = await openNewsroom();
  full = await fullStory(room);
});
afterAll(() => room.close());

/** What a form sends back: every member that may be written, as GET showed it. */
const form = (shown: Story) => {
  const { language, slug, kicker, title, excerpt, body, bodyFormat, cover, byline, deskInitials } = shown;
  const { source, sourceUrl, sourceItemId, tags, publishedAt, expiresAt } = shown;
  const refs = { source: source?.id ?? null, tags: tags.map(({ id }) => id) };
  const rest = { byline, deskInitials, sourceUrl, sourceItemId, publishedAt, expiresAt };
  return { language, slug, kicker, title, excerpt, body, bodyFormat, cover, ...rest, ...refs };
};

describe('a form that sends back all that GET showed', () => {
  const changes = [
    { body: '<p>নতুন লেখা</p>' },
    { body: 'নতুন **লেখা**', bodyFormat: 'markdown' },
    { slug: 'fireche-jol' },
    { title: 'জল ফিরেছে' },
    { kicker: 'জল' },
    { tags: [] },
    { source: null, sourceItemId: null },
    { cover: null },
    { expiresAt: null },
  ];

  it.each(changes)('with one member changed changes that one: %p', async (change) => {
    for (const status of ['draft', 'published'] as const) {
      const { id } = await room.story({ ...full, body: '<p>পুরোনো লেখা</p>', status });
      const seen = await room.seen(id);
      const { body: after } = await room.patch(id, { ...form(seen), ...change }).expect(200);
      expect(form(after)).toEqual({ ...form(seen), ...change });
      expect(after.version).toBe(seen.version + 1);
      await room.app.sql('DELETE FROM articles WHERE id = $1', [id]);
    }
  });

  it('changes what an author changed in a draft of their own, whose dates are none', async () => {
    const story = await room.story({ body: '<p>কাঁচা</p>' }, 'author');
    const sent = { ...form(story), body: '<p>পাকা</p>', slug: 'paka-lekha' };
    expect(sent.publishedAt).toBeNull();
    const { body } = await room.patch(story.id, sent, { as: 'author' }).expect(200);
    expect(body).toMatchObject({ body: '<p>পাকা</p>', bodyHtml: '<p>পাকা</p>', slug: 'paka-lekha', version: 2 });
  });

  it('is refused the slug of another beside its own date', async () => {
    const [one, other] = [await room.story({ status: 'published' }), await room.story()];
    const sent = { slug: other.slug, publishedAt: one.publishedAt };
    expect((await room.patch(one.id, sent).expect(409)).body).toMatchObject({ code: 'slug-taken', existing: other.id });
  });
});

describe('a body that comes with the date that the article has', () => {
  const sent = { body: 'নতুন **লেখা**', bodyFormat: 'markdown' };
  const stored = { body: 'নতুন **লেখা**', bodyFormat: 'markdown', bodyHtml: '<p>নতুন <strong>লেখা</strong></p>' };

  it('is taken in a bulk', async () => {
    const { id, publishedAt } = await room.story({ body: '<p>ক</p>', status: 'published' });
    const operations = [{ op: 'update', id, ifMatch: '*', body: { ...sent, publishedAt } }];
    const { body } = await room.as('editor', 'post', '/v1/articles/bulk').send({ operations }).expect(200);
    expect(body.results[0].article).toMatchObject({ ...stored, version: 2 });
  });

  it("is taken from a wire's next version, with another date too", async () => {
    await room.label('sources', { name: 'তারবার্তা' });
    const put = (body: object) =>
      room
        .as('editor', 'put', `/v1/sources/${encodeURIComponent('তারবার্তা')}/items/7`)
        .send({ title: 'তারের খবর', ...body });
    const { body: made } = await put({ itemVersion: 1, body: '<p>ক</p>' }).expect(201);
    const { body: same } = await put({ itemVersion: 2, ...sent, publishedAt: made.publishedAt }).expect(200);
    expect(same).toMatchObject({ ...stored, publishedAt: made.publishedAt });
    const publishedAt = '2026-01-02T06:00:00.000Z';
    const { body: moved } = await put({ itemVersion: 3, body: '<p>খ</p>', publishedAt }).expect(200);
    expect(moved).toMatchObject({ body: '<p>খ</p>', bodyFormat: 'html', publishedAt });
  });
});
