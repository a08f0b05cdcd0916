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

  it('refuses as a whole what is wrong around the operations, and does none of them', async () => {
    const create = { op: 'create', body: { title: 'ক' } };
    for (const [body, pointer] of [
      [{ operations: [] }, '/operations'],
      [{ operations: Array(101).fill(create) }, '/operations'],
      [{ operations: create }, '/operations'],
      [{}, '/operations'],
      [{ operations: [create], atomic: 'yes' }, '/atomic'],
      [{ operations: [create], dryRun: true }, '/dryRun'],
    ] as const) {
      const answer = await changesNothing(room, () =>
        room.as('editor', 'post', '/v1/articles/bulk').send(body).expect(400),
      );
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
    const deep = `{"operations":[{"op":"create","body":{"title":"ক"}},${'['.repeat(100)}${']'.repeat(100)}]}`;
    const sent = () => room.as('editor', 'post', '/v1/articles/bulk').type('json').send(deep).expect(400);
    await changesNothing(room, sent);
  });

  it('answers 400 in its place to an operation that its schema does not know, with a pointer into the whole, and does the others', async () => {
    const create = { op: 'create', body: { title: 'পাশের খবর' } };
    for (const [faulty, pointer] of [
      [{ op: 'create', body: { title: '' } }, '/operations/1/body/title'],
      [{ op: 'create', body: { title: 'ক', id: 'x' } }, '/operations/1/body/id'],
      [{ op: 'purge', id: 'x' }, '/operations/1/op'],
      [{ op: 'trash', id: '' }, '/operations/1/id'],
      [{ op: 'submit', id: 'x', ifMatch: 3 }, '/operations/1/ifMatch'],
      [{ op: 'submit', id: 'x', ifMatch: 'three' }, '/operations/1/ifMatch'],
      ['create', '/operations/1'],
      [null, '/operations/1'],
    ] as const) {
      const { body } = await room
        .as('editor', 'post', '/v1/articles/bulk')
        .send({ operations: [create, faulty, create] })
        .expect(200);
      expect(body.results.map(({ status }: { status: number }) => status)).toEqual([201, 400, 201]);
      expect(body.results[1].problem).toMatchObject({ code: 'invalid-input', errors: [{ in: 'body', pointer }] });
    }
  });

  it('points into the whole also for what only the database knows', async () => {
    const operations = [{ op: 'create', body: { title: 'ক', tags: ['অজানা-বিষয়'] } }];
    const { body } = await bulk(operations).expect(200);
    expect(body.results[0].problem.errors[0].pointer).toBe('/operations/0/body/tags/0');
  });

  it('all or nothing ends with the first fault, also where that is one within an operation', async () => {
    const operations = [
      { op: 'create', body: { title: 'আগেরটি' } },
      { op: 'create', body: { title: '' } },
      { op: 'purge' },
    ];
    const { body } = await changesNothing(room, () => bulk(operations, { atomic: true }).expect(422));
    expect(body).toMatchObject({ code: 'bulk-failed', operation: { index: 1, code: 'invalid-input' } });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/operations/1',
      '/operations/1/body/title',
    ]);
  });

  it('all or nothing names an operation whose id can be none, also behind a change of a slug', async () => {
    const { id } = await room.story({});
    const taken = await room.story({});
    const operations = [
      { op: 'update', id, ifMatch: '*', body: { slug: taken.slug } },
      { op: 'update', id: '\u0000', ifMatch: '*', body: { slug: 'notun' } },
    ];
    const { body } = await changesNothing(room, () => bulk(operations, { atomic: true }).expect(422));
    expect(body).toMatchObject({ code: 'bulk-failed', operation: { index: 0, code: 'slug-taken' } });
  });

  it('says in plain words which operations there are, and that one needs an id', async () => {
    const { body } = await bulk([{ op: 'purge' }, { op: 'trash', id: '' }]).expect(200);
    const details = body.results.map(({ problem }: { problem: { errors: { detail: string }[] } }) => problem.errors);
    expect(details.flat().map(({ detail }: { detail: string }) => detail)).toEqual([
      'Use one of create, update, publish, return, submit, unpublish, archive, trash, restore.',
      'Use at least 1 character.',
    ]);
  });

  it('answers 204 to what goes to the trash, without the article and with the tag for the next write', async () => {
    const { id } = await room.story({});
    const { body } = await bulk([{ op: 'trash', id, ifMatch: '*' }]).expect(200);
    expect(body.results).toEqual([{ index: 0, status: 204, etag: '"2"', id, article: null, problem: null }]);
    await room.step('restore', id, undefined, { match: body.results[0].etag }).expect(200);
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
