import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, pointers, type Story } from '../../support/newsroom.ts';

const noId = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';

describe('the source and the tags of an article', () => {
  let room: Newsroom;
  let covid: { id: string; slug: string };
  let river: { id: string; slug: string };
  let agency: { id: string; slug: string };
  const names = (story: Pick<Story, 'tags'>) => story.tags.map(({ name }) => name);

  beforeAll(async () => {
    room = await openNewsroom();
    covid = await room.label('tags', { name: 'Covid' });
    river = await room.label('tags', { name: 'পাড়ার নদী' });
    agency = await room.label('sources', { name: 'রূপসা বার্তা', creditLine: 'সূত্র : রূপসা বার্তা' });
  });
  afterAll(() => room.close());

  it('are named by id, by slug, in any case and in the other spelling; a repeat counts once', async () => {
    const spellings = ['COVID', covid.id, 'covid ', river.slug, 'পা\u09DCার নদী', 'পা\u09A1\u09BCার-নদী', river.id];
    const story = await room.story({ tags: spellings, source: agency.slug.toUpperCase() });
    expect(names(story)).toEqual(['Covid', 'পাড়ার নদী'.normalize('NFC')]);
    expect(story.source).toMatchObject({ id: agency.id, creditLine: 'সূত্র : রূপসা বার্তা' });
    const same = await changesNothing(room, () => room.patch(story.id, { tags: [...spellings, 'Covid'] }));
    expect([same.status, same.body.version]).toEqual([200, 1]);
  });

  it.each([
    ['a tag by slug', { tags: ['covid', 'নেই-এমন'] }, 'unknown-tag', ['/tags/1']],
    ['tags by slug and id', { tags: ['নেই', 'covid', noId] }, 'unknown-tag', ['/tags/0', '/tags/2']],
    ['a source by slug', { source: 'নেই' }, 'unknown-source', ['/source']],
    ['a source by id', { source: noId }, 'unknown-source', ['/source']],
    ['a tag where a source is asked for', { source: 'covid' }, 'unknown-source', ['/source']],
  ])('that do not exist are named one by one, and nothing is recorded: %s', async (_, body, code, places) => {
    const created = await changesNothing(room, () => room.create({ title: 'রূপসার খবর', ...body }));
    expect([created.status, created.body.code, pointers(created)]).toEqual([422, code, places]);
    const story = await room.story();
    const changed = await changesNothing(room, () => room.patch(story.id, body));
    expect([changed.status, changed.body.code, pointers(changed)]).toEqual([422, code, places]);
  });

  it('keep their order in every view after every step', async () => {
    for (const name of ['১', '২', '৩']) await room.label('tags', { name });
    const { id } = await room.story({ tags: ['৩', '১', '২'] }, 'author');
    const hold = async (order: string[]) => {
      expect(names(await room.seen(id))).toEqual(order);
      const [item] = (await room.as('editor', 'get', `/v1/articles?ids=${id}`).expect(200)).body.data;
      expect(names(item)).toEqual(order);
      const { snapshot } = (await room.revisions(id)).at(-1) ?? {};
      expect((snapshot?.tags ?? []).map((tag) => tag.name)).toEqual(order);
    };
    await hold(['৩', '১', '২']);
    await room.patch(id, { title: 'নতুন শিরোনাম' }).expect(200);
    await room.step('submit', id).expect(200);
    await room.step('publish', id).expect(200);
    await room
      .as('editor', 'patch', `/v1/tags/${encodeURIComponent('১')}`)
      .set('If-Match', '*')
      .send({ name: 'এক' });
    expect(names(await room.seen(id))).toEqual(['৩', 'এক', '২']);
    const { body: latest } = await room.as(null, 'get', `/v1/latest?tag=${encodeURIComponent('২')}`).expect(200);
    expect(names(latest.data[0])).toEqual(['৩', 'এক', '২']);
    const { body: page } = await room.as(null, 'get', pathOf(id, '?fields=tags')).expect(200);
    expect(names(page)).toEqual(['৩', 'এক', '২']);
    expect((await room.patch(id, { tags: ['২', '৩', '১'] }).expect(200)).body.version).toBe(5);
    await hold(['২', '৩', 'এক']);
    expect((await room.revisions(id)).map(({ snapshot }) => (snapshot.tags ?? []).map((tag) => tag.slug))).toEqual([
      ...Array.from({ length: 4 }, () => ['৩', '১', '২']),
      ['২', '৩', '১'],
    ]);
  });

  it('are replaced as a whole and cleared by an empty list, and the source by null', async () => {
    const story = await room.story({ tags: [covid.id], source: agency.id });
    expect(names((await room.patch(story.id, { tags: [river.id] }).expect(200)).body)).toEqual([
      'পাড়ার নদী'.normalize('NFC'),
    ]);
    const { body } = await room.patch(story.id, { tags: [], source: null }).expect(200);
    expect([body.tags, body.source]).toEqual([[], null]);
  });

  it('show a new name at once, with another ETag and the same version', async () => {
    const tag = await room.label('tags', { name: 'ভাঙন' });
    const story = await room.story({ tags: [tag.id], status: 'published' });
    const before = await room.read(story.id).expect(200);
    await room.as('editor', 'patch', `/v1/tags/${tag.id}`).set('If-Match', '*').send({ name: 'নদীভাঙন' }).expect(200);
    const after = await room
      .read(story.id)
      .set('If-None-Match', before.headers.etag ?? '')
      .expect(200);
    expect(names(after.body)).toEqual(['নদীভাঙন']);
    expect(after.body.version).toBe(1);
    await room.patch(story.id, { kicker: 'নদী' }, { match: before.headers.etag ?? '' }).expect(200);
  });
});
