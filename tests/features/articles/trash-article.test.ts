import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

describe('DELETE /v1/articles/{idOrSlug}', () => {
  let room: Newsroom;
  const isNow = (instant: string | null) => Math.abs(Date.parse(instant ?? '') - Date.now()) < 5_000;

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'ধান' });
  });
  afterAll(() => room.close());

  it('moves the article out of sight and keeps all of it', async () => {
    const story = await room.story({ status: 'published', tags: ['ধান'], body: '<p>ধান</p>' });
    const answer = await room.trash(story.slug, { match: '"1"' }).expect(204);
    expect([answer.text, answer.headers.etag]).toEqual(['', '"2"']);
    await room.read(story.id).expect(410);
    for (const path of ['/v1/latest', `/v1/latest?tag=${encodeURIComponent('ধান')}`, '/v1/articles'])
      expect((await room.as(null, 'get', path).expect(200)).body.data).toEqual([]);
    const kept = await room.seen(story.id);
    expect(isNow(kept.deletedAt)).toBe(true);
    const { publishedAt, firstPublishedAt, body, slug, tags } = story;
    expect(kept).toMatchObject({ publishedAt, firstPublishedAt, body, slug, tags, version: 2 });
  });

  it('leaves no date on what was never public: readers get 404 and not 410', async () => {
    const story = await room.story({ status: 'published', publishedAt: new Date(Date.now() + 9e7).toISOString() });
    await room.trash(story.id).expect(204);
    expect(await room.seen(story.id)).toMatchObject({ status: 'draft', publishedAt: null, firstPublishedAt: null });
    await room.app.sql(`UPDATE articles SET deleted_at = now() - interval '3 days' WHERE id = $1`, [story.id]);
    await room.read(story.id).expect(404);
  });

  it('changes nothing for what is in the trash already', async () => {
    const { id } = await room.story();
    await room.trash(id).expect(204);
    const again = await changesNothing(room, () => room.trash(id, { match: '"2"' }));
    expect([again.status, again.headers.etag]).toEqual([204, '"2"']);
    expect((await changesNothing(room, () => room.trash(id, { match: '"1"' }))).status).toBe(412);
  });

  it('lets authors see and take back their own, and viewers not even see it', async () => {
    const { id } = await room.story({}, 'author');
    await room.trash(id, { as: 'author' }).expect(204);
    expect((await room.read(id, 'author').expect(200)).body.deletedAt).not.toBeNull();
    await room.read(id, 'viewer').expect(404);
    await room.read(id, 'other').expect(404);
    expect((await room.step('restore', id, undefined, { as: 'author' }).expect(200)).body).toMatchObject({
      status: 'draft',
      deletedAt: null,
    });
  });

  it('tells in the event of the restoring who had moved it there', async () => {
    const { id } = await room.story({}, 'author');
    for (const as of ['editor', 'author'] as const) {
      await room.trash(id, { as }).expect(204);
      await room.step('restore', id, undefined, { as: 'author' }).expect(200);
      const { type, actor_id, data } = (await room.events(id)).at(-1) ?? {};
      expect([type, actor_id]).toEqual(['article.restored', room.people.author.id]);
      expect(data).toMatchObject({ trashedBy: room.people[as].id });
    }
    await room.step('archive', id).expect(200);
    await room.step('restore', id).expect(200);
    expect((await room.events(id)).at(-1)?.data).not.toHaveProperty('trashedBy');
  });

  it('needs no body, and none of a kind that it takes', async () => {
    const { id } = await room.story();
    await room.as('editor', 'delete', pathOf(id)).set('If-Match', '*').set('Content-Type', 'text/plain').expect(204);
  });

  it('holds the sourceItemId, so that a wire does not bring back what was thrown away', async () => {
    const source = await room.label('sources', { name: 'ধলেশ্বরী বার্তা' });
    const story: Story = await room.story({ source: source.id, sourceItemId: 'x-1' });
    await room.trash(story.id).expect(204);
    const answer = await changesNothing(room, () =>
      room.create({ title: 'আবার', source: source.id, sourceItemId: 'x-1' }),
    );
    expect([answer.status, answer.body.code]).toEqual([409, 'source-item-taken']);
  });
});
