import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story } from '../support/newsroom.ts';

/** C33 and C37: the life of one story, with every road that a reader has to it looked at after each step. */
describe('a story from its first draft to the archive', () => {
  let room: Newsroom;
  let story: Story;
  let etag = '*';

  /** What a reader gets by each road: the status by id and slug, and whether the lists have it; never 304 to what is hidden. */
  async function readerSees(expected: number): Promise<void> {
    for (const name of [story.id, story.slug]) {
      expect([name, (await room.read(name)).status]).toEqual([name, expected]);
      const conditional = await room.read(name).set('If-None-Match', etag);
      if (expected !== 200) expect([name, conditional.status]).toEqual([name, expected]);
    }
    for (const path of [
      '/v1/latest',
      `/v1/latest?tag=${encodeURIComponent('চর')}`,
      '/v1/latest?source=char',
      '/v1/articles',
    ]) {
      const { body } = await room.as(null, 'get', path).expect(200);
      expect([path, body.data.some(({ id }: Story) => id === story.id)]).toEqual([path, expected === 200]);
    }
  }

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'চর' });
    await room.label('sources', { name: 'চর বার্তা', slug: 'char' });
  });
  afterAll(() => room.close());

  it('is written by an author and publishes nothing by itself', async () => {
    const body = { title: 'চরে নতুন স্কুল', body: '<p>স্কুলটি খুলেছে।</p>', byline: 'মিতা রায়', tags: ['চর'], source: 'char' };
    story = await room.story(body, 'author');
    expect(story.status).toBe('draft');
    await readerSees(404);
    story = (await room.patch(story.id, { title: 'চরে নতুন দুটি স্কুল' }, { as: 'author' }).expect(200)).body;
    await readerSees(404);
    const forbidden = await changesNothing(room, () => room.step('publish', story.id, undefined, { as: 'author' }));
    expect(forbidden.status).toBe(403);
    await room.step('submit', story.id, undefined, { as: 'author' }).expect(200);
    await readerSees(404);
  });

  it('is edited and published by an editor, and stays the story of its author', async () => {
    await room.patch(story.id, { excerpt: 'দুটি স্কুল খুলেছে চরে।' }).expect(200);
    await readerSees(404);
    await room.step('publish', story.id).expect(200);
    await readerSees(200);
    etag = String((await room.read(story.slug)).headers.etag);
    await room.patch(story.id, { slug: 'chorer-school' }).expect(200);
    await room.read(story.slug).expect(308);
    story = await room.seen(story.id);
    await readerSees(200);
    expect(story).toMatchObject({
      slug: 'chorer-school',
      byline: 'মিতা রায়'.normalize('NFC'),
      createdBy: { id: room.people.author.id, name: 'মিতা রায়'.normalize('NFC') },
      updatedBy: { id: room.people.editor.id },
    });
    const own = await room.read(story.id, 'author').expect(200);
    expect(own.body.createdBy.id).toBe(room.people.author.id);
    const edit = await changesNothing(room, () => room.patch(story.id, { title: 'আমার শিরোনাম' }, { as: 'author' }));
    expect(edit.status).toBe(403);
  });

  it('is hidden at once when it is taken back, and its author edits it again', async () => {
    etag = String((await room.read(story.slug)).headers.etag);
    await room.step('unpublish', story.id, { note: 'ছবি বদলাতে হবে।' }).expect(200);
    await readerSees(404);
    await room.patch(story.id, { body: '<p>স্কুল দুটি খুলেছে।</p>' }, { as: 'author' }).expect(200);
    await readerSees(404);
    expect((await room.seen(story.id)).createdBy?.id).toBe(room.people.author.id);
  });

  it('comes back with its first date, and is gone for good in the archive', async () => {
    const first = story.firstPublishedAt;
    await room.step('publish', story.id).expect(200);
    await readerSees(200);
    expect((await room.read(story.id)).body).toMatchObject({ publishedAt: first, firstPublishedAt: first });
    etag = String((await room.read(story.slug)).headers.etag);
    await room.step('archive', story.id).expect(200);
    await readerSees(410);
    await room.trash(story.id).expect(204);
    await readerSees(410);
  });

  it('left a revision for each version, and events in the order of its steps', async () => {
    const { version } = await room.seen(story.id);
    expect((await room.revisions(story.id)).map((revision) => revision.version)).toEqual(
      Array.from({ length: version }, (_, index) => index + 1),
    );
    expect((await room.events(story.id)).map(({ type }) => type.replace('article.', ''))).toEqual([
      ...['created', 'updated', 'submitted', 'updated', 'published', 'updated'],
      ...['unpublished', 'updated', 'published', 'archived', 'trashed'],
    ]);
    await room.as('viewer', 'get', pathOf(story.id)).expect(410);
  });
});
