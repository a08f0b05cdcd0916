import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  changesNothing,
  fullStory,
  type Newsroom,
  openNewsroom,
  pointers,
  type Story,
} from '../../support/newsroom.ts';

describe('PATCH /v1/articles/{idOrSlug} with faults', () => {
  let room: Newsroom;
  let full: object;
  /** A published article that every refusal leaves as it is. */
  let out: Story;

  beforeAll(async () => {
    room = await openNewsroom();
    full = await fullStory(room);
    out = await room.story({ ...full, status: 'published' });
  });
  afterAll(() => room.close());

  it.each([
    ['/title', { title: null }],
    ['/title', { title: ' ' }],
    ['/body', { body: null }],
    ['/bodyFormat', { bodyFormat: null }],
    ['/language', { language: null }],
    ['/slug', { slug: null }],
    ['/tags', { tags: null }],
    ['/tags/1', { tags: ['নদী', null] }],
    ['/status', { status: null }],
    ['/status', { status: 'draft' }],
    ['/version', { version: 7 }],
    ['/createdBy', { createdBy: null }],
    ['/firstPublishedAt', { firstPublishedAt: null }],
    ['/publishedAt', { publishedAt: null }],
    ['/cover/alt', { cover: { alt: null } }],
    ['/cover/url', { cover: { url: null } }],
    ['/sourceItemId', { sourceItemId: '' }],
  ])('refuses at %s what is required or not a member: %j', async (pointer, patch) => {
    const answer = await changesNothing(room, () => room.patch(out.id, patch));
    expect([answer.status, ...pointers(answer)]).toEqual([400, pointer]);
  });

  it('names every fault of a body at once', async () => {
    const story = await room.story();
    const patch = { title: null, tags: null, cover: { width: -1 }, language: 'bn_BD' };
    const answer = await changesNothing(room, () => room.patch(story.id, patch));
    expect(pointers(answer).sort()).toEqual(['/cover/width', '/language', '/tags', '/title']);
  });

  it.each(['publishedAt', 'expiresAt'])('lets no author change %s', async (member) => {
    const story = await room.story({}, 'author');
    const ask = () => room.patch(story.id, { [member]: '2027-01-01T00:00:00Z' }, { as: 'author' });
    expect((await changesNothing(room, ask)).status).toBe(403);
  });

  it.each([
    ['/expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['/publishedAt', { publishedAt: '2150-01-01T00:00:00Z', expiresAt: null }],
    ['/sourceItemId', { source: null, sourceItemId: 'x' }],
  ])('refuses what does not go together, at %s', async (pointer, patch) => {
    const answer = await changesNothing(room, () => room.patch(out.id, patch));
    expect([answer.status, ...pointers(answer)]).toEqual([422, pointer]);
  });

  it.each([
    ['/publishedAt', { publishedAt: '2199-06-01T00:00:00Z' }, 2],
    ['/source', { source: null }, 1],
  ])('points at %s where only that was sent: %j', async (pointer, patch, faults) => {
    const story = await room.story({ ...full, sourceItemId: `only ${pointer}`, status: 'published' });
    const answer = await changesNothing(room, () => room.patch(story.id, patch));
    expect([answer.status, ...pointers(answer)]).toEqual([422, ...Array(faults).fill(pointer)]);
  });

  it('refuses a sourceItemId that another article of the source has', async () => {
    await room.story({ ...full, sourceItemId: 'taken' });
    const story = await room.story({ ...full, sourceItemId: 'free' });
    const answer = await changesNothing(room, () => room.patch(story.id, { sourceItemId: 'taken' }));
    expect([answer.status, answer.body.code]).toEqual([409, 'source-item-taken']);
  });
});
