import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Caller,
  changesNothing,
  fullStory,
  type Newsroom,
  openNewsroom,
  pathOf,
  pointers,
} from '../../support/newsroom.ts';

describe('PATCH /v1/articles/{idOrSlug}', () => {
  let room: Newsroom;
  let full: object;

  beforeAll(async () => {
    room = await openNewsroom();
    full = await fullStory(room);
  });
  afterAll(() => room.close());

  it('changes what is sent, leaves the rest, counts up the version, and says who', async () => {
    const story = await room.story({ ...full, status: 'published' });
    const { body, headers } = await room.patch(story.id, { kicker: 'নদী' }, { as: 'admin' }).expect(200);
    expect(body).toEqual({
      ...story,
      kicker: 'নদী',
      version: 2,
      updatedAt: body.updatedAt,
      updatedBy: { id: room.people.admin.id, name: 'রিনা আখতার', initials: null },
    });
    expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(story.updatedAt));
    expect(body.createdBy.id).toBe(room.people.editor.id);
    expect((await room.read(story.slug)).body.kicker).toBe('নদী');
    await room.patch(story.id, { kicker: 'ঘাট' }, { match: headers.etag }).expect(200);
  });

  it('is reached by id, by slug, and by another spelling of the slug, in either media type', async () => {
    const story = await room.story({ slug: 'surma-river', title: 'সুরমা' });
    for (const [index, name] of [story.id, 'surma-river', 'SURMA-River'].entries()) {
      const request = room.as('editor', 'patch', pathOf(name)).set('If-Match', '*');
      await request
        .set('Content-Type', 'application/merge-patch+json')
        .send(JSON.stringify({ kicker: `ক${index}` }))
        .expect(200);
    }
    expect((await room.seen(story.id)).version).toBe(4);
  });

  it.each(['kicker', 'excerpt', 'byline', 'deskInitials', 'source', 'sourceUrl', 'cover', 'expiresAt'])(
    'clears %s by null',
    async (member) => {
      const story = await room.story({ ...full, status: 'published' });
      expect(story).not.toHaveProperty(member, null);
      const { body } = await room.patch(story.id, { [member]: null }).expect(200);
      expect(body).toMatchObject({ [member]: null, version: 2 });
      expect((await room.read(story.id)).body).toHaveProperty(member, null);
    },
  );

  it.each(['kicker', 'excerpt', 'byline', 'deskInitials'])('reads an empty %s as null', async (member) => {
    const story = await room.story(full);
    expect((await room.patch(story.id, { [member]: ' ' }).expect(200)).body).toHaveProperty(member, null);
  });

  it('merges a cover member by member', async () => {
    const story = await room.story(full);
    const { body } = await room.patch(story.id, { cover: { caption: null, width: 800 } }).expect(200);
    expect(body.cover).toEqual({ ...story.cover, caption: null, width: 800 });
    await room.patch(story.id, { cover: null }).expect(200);
    const partial = await changesNothing(room, () => room.patch(story.id, { cover: { alt: 'ঘাট' } }));
    expect([partial.status, ...pointers(partial)]).toEqual([400, '/cover/url']);
    const { body: made } = await room.patch(story.id, { cover: { url: '/media/b.jpg', alt: '' } }).expect(200);
    expect(made.cover).toMatchObject({ alt: '', caption: null, credit: null, width: null, height: null });
  });

  it('changes nothing by an empty patch', async () => {
    const story = await room.story(full);
    const answer = await changesNothing(room, () => room.patch(story.id, {}));
    expect([answer.status, answer.body.version]).toEqual([200, 1]);
  });

  it.each<[Caller, 'draft' | 'review' | 'published' | 'trash', number]>([
    ['author', 'draft', 200],
    ['author', 'review', 403],
    ['author', 'published', 403],
    ['author', 'trash', 403],
    ['other', 'draft', 404],
    ['other', 'published', 403],
    ['other', 'trash', 410],
    ['viewer', 'draft', 403],
    [null, 'published', 401],
    ['editor', 'review', 200],
    ['editor', 'published', 200],
    ['editor', 'trash', 409],
    ['admin', 'draft', 200],
  ])("answers %s who changes an author's article in %s with %i", async (as, place, expected) => {
    const story = await room.story({}, 'author');
    await room.moveTo(place, story.id);
    const ask = () => room.patch(story.id, { kicker: 'খবর' }, { as });
    expect((expected === 200 ? await ask() : await changesNothing(room, ask)).status).toBe(expected);
  });

  it('keeps the first date of what was public whatever its new date is, and moves it with a date to come', async () => {
    const live = await room.story({ status: 'published' });
    const { body } = await room.patch(live.id, { publishedAt: '2024-05-01T06:00:00+06:00' }).expect(200);
    expect(body).toMatchObject({ publishedAt: '2024-05-01T00:00:00.000Z', firstPublishedAt: live.firstPublishedAt });
    const planned = await room.story({ status: 'published', publishedAt: new Date(Date.now() + 9e7).toISOString() });
    const { body: moved } = await room.patch(planned.id, { publishedAt: '2024-05-02T00:00:00Z' }).expect(200);
    expect(moved).toMatchObject({ status: 'published', firstPublishedAt: '2024-05-02T00:00:00.000Z' });
  });
});
