import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const bulk = (operations: object[], more: object = {}, who: Who | null = 'editor') =>
  room.as(who, 'post', '/v1/articles/bulk').send({ operations, ...more });

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('POST /articles/bulk', () => {
  it('gives each operation, in order, the outcome that its own call would have', async () => {
    const story = await room.story({});
    const { body } = await bulk([
      { op: 'create', body: { title: 'হাটে নতুন ধান' } },
      { op: 'update', id: story.id, ifMatch: '"1"', body: { kicker: 'বাজার' } },
      { op: 'update', id: story.id, ifMatch: '"1"', body: { kicker: 'হাট' } },
      { op: 'publish', id: story.id },
      { op: 'publish', id: story.id, ifMatch: '"2"' },
      { op: 'update', id: 'নেই', ifMatch: '*', body: {} },
      { op: 'restore', id: story.id, ifMatch: '*' },
      { op: 'update', id: story.id, ifMatch: 'three', body: {} },
    ]).expect(200);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([
      201, 200, 412, 428, 200, 404, 409, 400,
    ]);
    expect(body.results.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.results[2].problem).toMatchObject({ code: 'stale', currentVersion: 2, changes: [{ field: 'kicker' }] });
    expect(body.results[4].article).toMatchObject({ id: story.id, status: 'published', version: 3 });
    expect(body.results[4].problem).toBeNull();
    await room.patch(story.id, { kicker: null }, { match: body.results[4].etag }).expect(200);
  });

  it('all or nothing leaves no row, revision or event when one of them fails, and names it', async () => {
    const story = await room.story({});
    const { body } = await changesNothing(room, () =>
      bulk(
        [
          { op: 'create', body: { title: 'প্রথম' } },
          { op: 'publish', id: story.id, ifMatch: '*' },
          { op: 'update', id: story.id, ifMatch: '"9"', body: { title: 'দ্বিতীয়' } },
        ],
        { atomic: true },
      ).expect(422),
    );
    expect(body).toMatchObject({ code: 'bulk-failed', operation: { index: 2, code: 'stale' } });
    // What the second operation made of it was not kept.
    expect(body.currentVersion).toBeUndefined();
    expect(body.errors[0]).toMatchObject({
      in: 'body',
      pointer: '/operations/2',
      detail: expect.stringContaining('stale'),
    });
    await room.read(story.id).expect(404);
  });

  it('all or nothing points into the body for an ifMatch that cannot be read', async () => {
    const { id } = await room.story({});
    const operations = [
      { op: 'submit', id, ifMatch: '*' },
      { op: 'update', id, ifMatch: 'three', body: {} },
    ];
    const { body } = await changesNothing(room, () => bulk(operations, { atomic: true }).expect(422));
    const detail = 'Use entity-tags in double quotes, as an ETag gives them, or *.';
    expect(body.errors.slice(1)).toEqual([{ in: 'body', pointer: '/operations/1/ifMatch', detail }]);
  });

  it('all or nothing says of the one that fails what a client needs to merge', async () => {
    const story = await room.story({ title: 'আগের কথা' });
    await room.patch(story.id, { title: 'পরের কথা' }).expect(200);
    const operations = [
      { op: 'create', body: { title: 'আরেক খবর' } },
      { op: 'update', id: story.id, ifMatch: '"1"', body: { kicker: 'নতুন' } },
    ];
    const { body } = await bulk(operations, { atomic: true }).expect(422);
    expect(body).toMatchObject({ currentVersion: 2, operation: { index: 1, code: 'stale' } });
    expect(body.changes.map(({ field }: { field: string }) => field)).toEqual(['slug', 'title']);
  });

  it('all or nothing does all of them when none fails', async () => {
    const { body } = await bulk(
      [
        { op: 'create', body: { title: 'একসঙ্গে এক', status: 'published' } },
        { op: 'create', body: { title: 'একসঙ্গে এক', status: 'published' } },
      ],
      { atomic: true },
    ).expect(200);
    expect(body.results.map(({ article }: { article: { slug: string } }) => article.slug)).toEqual([
      'একসঙ্গে-এক',
      'একসঙ্গে-এক-2',
    ]);
  });

  it('all or nothing comes through where others change the same articles in another order', async () => {
    const stories: { id: string; slug: string }[] = [];
    for (let made = 0; made < 6; made += 1) stories.push(await room.story({}));
    const named = stories.map(({ id, slug }, index) => (index % 2 === 0 ? id : slug));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, call) => {
        const order = call % 2 === 0 ? named : named.toReversed();
        const operations = order.map((id) => ({ op: 'update', id, ifMatch: '*', body: { kicker: `পালা ${call}` } }));
        return bulk(operations, { atomic: true });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const kickers = await Promise.all(stories.map(async ({ id }) => (await room.read(id, 'editor')).body.kicker));
    expect(new Set(kickers).size).toBe(1);
  });

  it('does for each caller what he may do alone', async () => {
    const story = await room.story({}, 'author');
    const { body } = await bulk(
      [
        { op: 'update', id: story.id, ifMatch: '*', body: { kicker: 'নিজের' } },
        { op: 'publish', id: story.id, ifMatch: '*' },
      ],
      {},
      'author',
    ).expect(200);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([200, 403]);
    await bulk([{ op: 'create', body: { title: 'ক' } }], {}, 'viewer').expect(403);
    await bulk([{ op: 'create', body: { title: 'ক' } }], {}, null).expect(401);
  });

  it('refuses what its schema does not know, with a pointer into the operations, and does none of them', async () => {
    const create = { op: 'create', body: { title: 'ক' } };
    for (const [operations, pointer] of [
      [[], '/operations'],
      [Array(101).fill(create), '/operations'],
      [[create, { op: 'create', body: { title: '' } }], '/operations/1/body/title'],
      [[create, { op: 'create', body: { title: 'ক', id: 'x' } }], '/operations/1/body/id'],
      [[{ op: 'purge', id: 'x' }], '/operations/0/op'],
    ] as const) {
      const { body } = await changesNothing(room, () => bulk([...operations]).expect(400));
      expect(body.errors[0].pointer).toBe(pointer);
    }
  });

  it('says in plain words which operations there are, and that one needs an id', async () => {
    const { body } = await bulk([{ op: 'purge' }, { op: 'trash', id: '' }]).expect(400);
    expect(body.errors.map(({ detail }: { detail: string }) => detail)).toEqual([
      'Use one of create, update, publish, return, submit, unpublish, archive, trash, restore.',
      'Use at least 1 character.',
    ]);
  });

  it('takes a hundred whole articles', async () => {
    const body = {
      kicker: 'ক',
      excerpt: 'খ',
      body: 'গ',
      bodyFormat: 'text',
      byline: 'ঘ',
      deskInitials: 'ঙ',
      language: 'bn',
      status: 'review',
      tags: [],
      cover: null,
    };
    const operations = Array.from({ length: 100 }, (_, index) => ({
      op: 'create',
      body: { ...body, title: `শতকের খবর ${index}` },
    }));
    const answer = await bulk(operations, { atomic: true }).expect(200);
    expect(answer.body.results).toHaveLength(100);
  });

  it('done again with the same Idempotency-Key is not done again', async () => {
    const once = () => bulk([{ op: 'create', body: { title: 'একবারই' } }]).set('Idempotency-Key', 'bulk-1');
    const first = await once().expect(200);
    const second = await changesNothing(room, () => once().expect(200));
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });
});
