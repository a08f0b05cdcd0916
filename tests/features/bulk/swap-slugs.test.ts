import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const bulk = (operations: object[], more: object = {}, who: Who | null = 'editor') =>
  room.as(who, 'post', '/v1/articles/bulk').send({ operations, ...more });

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('slugs in an atomic POST /articles/bulk', () => {
  it('lets two articles swap their slugs, and their old addresses lead nowhere else', async () => {
    const [a, b] = [
      await room.story({ slug: 'swap-a', status: 'published' }),
      await room.story({ slug: 'swap-b', status: 'published' }),
    ];
    await bulk(
      [
        { op: 'update', id: a.id, ifMatch: '*', body: { slug: 'swap-b' } },
        { op: 'update', id: b.id, ifMatch: '*', body: { slug: 'swap-a' } },
      ],
      { atomic: true },
    ).expect(200);
    expect((await room.read('swap-a').expect(200)).body.id).toBe(b.id);
    expect((await room.read('swap-b').expect(200)).body.id).toBe(a.id);
  });

  it('refuses two articles with one slug, also where that shows only at the end', async () => {
    const [a, b] = [await room.story({}), await room.story({})];
    const { body } = await changesNothing(room, () =>
      bulk(
        [
          { op: 'update', id: a.id, ifMatch: '*', body: { slug: 'same-slug' } },
          { op: 'update', id: b.id, ifMatch: '*', body: { slug: 'same-slug' } },
        ],
        { atomic: true },
      ).expect(422),
    );
    expect(body.code).toBe('bulk-failed');
  });

  it('lets three hand their slugs on in a ring, also named by these', async () => {
    const ring = ['ring-a', 'ring-b', 'ring-c'];
    const stories = await Promise.all(ring.map((slug) => room.story({ slug })));
    const operations = ring.map((id, index) => ({
      ...{ op: 'update', id, ifMatch: '*' },
      body: { slug: ring[(index + 1) % 3], kicker: id },
    }));
    await bulk(operations, { atomic: true }).expect(200);
    const seen = await Promise.all(stories.map(({ id }) => room.seen(id)));
    expect(seen.map(({ slug, kicker }) => [slug, kicker])).toEqual([
      ['ring-b', 'ring-a'],
      ['ring-c', 'ring-b'],
      ['ring-a', 'ring-c'],
    ]);
  });

  it('names the article that took a slug of another, also where that shows only at the end', async () => {
    const [a, b, other] = [await room.story({}), await room.story({}), await room.story({ slug: 'held-slug' })];
    const operations = [
      { op: 'update', id: a.id, ifMatch: '*', body: { slug: 'free-slug' } },
      { op: 'update', id: b.id, ifMatch: '*', body: { slug: 'held-slug' } },
      { op: 'update', id: a.id, ifMatch: '*', body: { kicker: 'শেষে' } },
    ];
    const { body } = await changesNothing(room, () => bulk(operations, { atomic: true }).expect(422));
    expect(body).toMatchObject({
      code: 'bulk-failed',
      operation: { index: 1, code: 'slug-taken' },
      slug: 'held-slug',
      existing: other.id,
    });
    expect(body.errors[0]).toMatchObject({ pointer: '/operations/1' });
  });

  it('beside a swap of slugs numbers those that are made of titles', async () => {
    const [a, b] = [await room.story({ slug: 'beside-a' }), await room.story({ slug: 'beside-b' })];
    const renamed = await room.story({});
    await room.story({ title: 'হাটের কথা' });
    const { body } = await bulk(
      [
        { op: 'update', id: a.id, ifMatch: '*', body: { slug: 'beside-b' } },
        { op: 'update', id: b.id, ifMatch: '*', body: { slug: 'beside-a' } },
        { op: 'create', body: { title: 'হাটের কথা' } },
        { op: 'create', body: { title: 'হাটের কথা' } },
        { op: 'update', id: renamed.id, ifMatch: '*', body: { title: 'হাটের কথা' } },
      ],
      { atomic: true },
    ).expect(200);
    expect(body.results.map(({ article }: { article: { slug: string } }) => article.slug)).toEqual([
      'beside-b',
      'beside-a',
      'হাটের-কথা-2',
      'হাটের-কথা-3',
      'হাটের-কথা-4',
    ]);
  });
});
