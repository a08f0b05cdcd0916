import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pointers, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const bulk = (operations: readonly unknown[], more: object = {}, who: Who | null = 'editor') =>
  room.as(who, 'post', '/v1/articles/bulk').send({ operations, ...more });
const create = (title: string, more: object = {}) => ({ op: 'create', body: { title, ...more } });
const update = (id: string, ifMatch: string, body: object) => ({ op: 'update', id, ifMatch, body });
const statuses = (body: { results: { status: number }[] }) => body.results.map(({ status }) => status);
/** What is refused as a whole: it changes nothing. */
const refused = async (operations: readonly unknown[]) =>
  (await changesNothing(room, () => bulk(operations, { atomic: true }).expect(422))).body;

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('POST /articles/bulk', () => {
  it('gives each operation, in order, the outcome that its own call would have', async () => {
    const story = await room.story({});
    const { body } = await bulk([
      create('হাটে নতুন ধান'),
      update(story.id, '"1"', { kicker: 'বাজার' }),
      update(story.id, '"1"', { kicker: 'হাট' }),
      { op: 'publish', id: story.id },
      { op: 'publish', id: story.id, ifMatch: '"2"' },
      update('নেই', '*', {}),
      { op: 'restore', id: story.id, ifMatch: '*' },
      update(story.id, 'three', {}),
    ]).expect(200);
    expect(statuses(body)).toEqual([201, 200, 412, 428, 200, 404, 409, 400]);
    expect(body.results.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.results[2].problem).toMatchObject({ code: 'stale', currentVersion: 2, changes: [{ field: 'kicker' }] });
    expect(body.results[4].article).toMatchObject({ id: story.id, status: 'published', version: 3 });
    expect(body.results[4].problem).toBeNull();
    await room.patch(story.id, { kicker: null }, { match: body.results[4].etag }).expect(200);
  });

  it.each([{}, { atomic: true }])('numbers one title in the order of the operations, %j', async (more) => {
    const title = `ধানের দর ${Object.keys(more).length}`;
    const slug = title.replaceAll(' ', '-');
    const { body } = await bulk(
      [create(title), create(title), create('অন্য', { slug: `${slug}-4` }), ...[1, 2].map(() => create(title))],
      more,
    ).expect(200);
    const slugs = body.results.map(({ article }: { article: { slug: string } }) => article.slug);
    expect(slugs).toEqual([slug, `${slug}-2`, `${slug}-4`, `${slug}-3`, `${slug}-5`]);
  });

  it('makes each article once, and tells of each once, where others beside it cannot be made', async () => {
    const slug = 'একই-ঠিকানা';
    const operations = [
      create('আগে', { slug }),
      create('মাঝে', { slug }),
      create('পরে'),
      create('শেষে', { tags: ['নেই'] }),
    ];
    const { body } = await bulk(operations).expect(200);
    expect(statuses(body)).toEqual([201, 409, 201, 422]);
    expect(body.results[1].problem).toMatchObject({ code: 'slug-taken', existing: body.results[0].id });
    const rows = await room.app.sql(
      `SELECT a.title, (SELECT count(*)::int FROM events e WHERE e.subject_id = a.id) AS events FROM articles a
        WHERE a.title IN ('আগে', 'মাঝে', 'পরে', 'শেষে') ORDER BY a.id`,
    );
    expect(rows).toEqual(['আগে', 'পরে'].map((title) => ({ title, events: 1 })));
  });

  it('all or nothing leaves no row, revision or event when one of them fails, and names it', async () => {
    const story = await room.story({});
    const publish = { op: 'publish', id: story.id, ifMatch: '*' };
    const body = await refused([create('প্রথম'), publish, update(story.id, '"9"', { title: 'দ্বিতীয়' })]);
    expect(body).toMatchObject({ code: 'bulk-failed', operation: { index: 2, code: 'stale' } });
    // What the second operation made of it was not kept.
    expect(body.currentVersion).toBeUndefined();
    const detail = expect.stringContaining('stale');
    expect(body.errors[0]).toMatchObject({ in: 'body', pointer: '/operations/2', detail });
    await room.read(story.id).expect(404);
  });

  it('all or nothing points into the body for an ifMatch that cannot be read', async () => {
    const { id } = await room.story({});
    const body = await refused([{ op: 'submit', id, ifMatch: '*' }, update(id, 'three', {})]);
    const detail = 'Use entity-tags in double quotes, as an ETag gives them, or *.';
    expect(body.errors.slice(1)).toEqual([{ in: 'body', pointer: '/operations/1/ifMatch', detail }]);
  });

  it('all or nothing says of the one that fails what a client needs to merge', async () => {
    const story = await room.story({ title: 'আগের কথা' });
    await room.patch(story.id, { title: 'পরের কথা' }).expect(200);
    const operations = [create('আরেক খবর'), update(story.id, '"1"', { kicker: 'নতুন' })];
    const { body } = await bulk(operations, { atomic: true }).expect(422);
    expect(body).toMatchObject({ currentVersion: 2, operation: { index: 1, code: 'stale' } });
    expect(body.changes.map(({ field }: { field: string }) => field)).toEqual(['slug', 'title']);
  });

  it('all or nothing does all of them when none fails', async () => {
    const same = create('একসঙ্গে এক', { status: 'published' });
    const { body } = await bulk([same, same], { atomic: true }).expect(200);
    const slugs = body.results.map(({ article }: { article: { slug: string } }) => article.slug);
    expect(slugs).toEqual(['একসঙ্গে-এক', 'একসঙ্গে-এক-2']);
  });

  it('all or nothing comes through where others change the same articles in another order', async () => {
    const stories: { id: string; slug: string }[] = [];
    for (let made = 0; made < 6; made += 1) stories.push(await room.story({}));
    const named = stories.map(({ id, slug }, index) => (index % 2 === 0 ? id : slug));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, call) => {
        const order = call % 2 === 0 ? named : named.toReversed();
        const operations = order.map((id) => update(id, '*', { kicker: `পালা ${call}` }));
        return bulk(operations, { atomic: true });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const kickers = await Promise.all(stories.map(async ({ id }) => (await room.read(id, 'editor')).body.kicker));
    expect(new Set(kickers).size).toBe(1);
  });

  it('does for each caller what he may do alone', async () => {
    const story = await room.story({}, 'author');
    const operations = [update(story.id, '*', { kicker: 'নিজের' }), { op: 'publish', id: story.id, ifMatch: '*' }];
    const { body } = await bulk(operations, {}, 'author').expect(200);
    expect(statuses(body)).toEqual([200, 403]);
    await bulk([create('ক')], {}, 'viewer').expect(403);
    await bulk([create('ক')], {}, null).expect(401);
  });

  it('refuses as a whole what is wrong around the operations, and does none of them', async () => {
    const one = create('ক');
    for (const [body, pointer] of [
      [{ operations: [] }, '/operations'],
      [{ operations: Array(101).fill(one) }, '/operations'],
      [{ operations: one }, '/operations'],
      [{}, '/operations'],
      [{ operations: [one], atomic: 'yes' }, '/atomic'],
      [{ operations: [one], dryRun: true }, '/dryRun'],
    ] as const) {
      const call = () => room.as('editor', 'post', '/v1/articles/bulk').send(body).expect(400);
      const answer = await changesNothing(room, call);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
    const deep = `{"operations":[{"op":"create","body":{"title":"ক"}},${'['.repeat(100)}${']'.repeat(100)}]}`;
    const sent = () => room.as('editor', 'post', '/v1/articles/bulk').type('json').send(deep).expect(400);
    await changesNothing(room, sent);
  });

  it('answers 400 in its place to an operation that its schema does not know, with a pointer into the whole, and does the others', async () => {
    const one = create('পাশের খবর');
    for (const [faulty, pointer] of [
      [create(''), '/operations/1/body/title'],
      [create('ক', { id: 'x' }), '/operations/1/body/id'],
      [{ op: 'purge', id: 'x' }, '/operations/1/op'],
      [{ op: 'trash', id: '' }, '/operations/1/id'],
      [{ op: 'submit', id: 'x', ifMatch: 3 }, '/operations/1/ifMatch'],
      [{ op: 'submit', id: 'x', ifMatch: 'three' }, '/operations/1/ifMatch'],
      ['create', '/operations/1'],
      [null, '/operations/1'],
    ] as const) {
      const { body } = await bulk([one, faulty, one]).expect(200);
      expect(statuses(body)).toEqual([201, 400, 201]);
      expect(body.results[1].problem).toMatchObject({ code: 'invalid-input', errors: [{ in: 'body', pointer }] });
    }
  });

  it('points into the whole also for what only the database knows', async () => {
    const { body } = await bulk([create('ক', { tags: ['অজানা-বিষয়'] })]).expect(200);
    expect(body.results[0].problem.errors[0].pointer).toBe('/operations/0/body/tags/0');
  });

  it('all or nothing ends with the first fault, also where that is one within an operation', async () => {
    const body = await refused([create('আগেরটি'), create(''), { op: 'purge' }]);
    expect(body).toMatchObject({ code: 'bulk-failed', operation: { index: 1, code: 'invalid-input' } });
    expect(pointers({ body })).toEqual(['/operations/1', '/operations/1/body/title']);
  });

  it('all or nothing names an operation whose id can be none, also behind a change of a slug', async () => {
    const { id } = await room.story({});
    const taken = await room.story({});
    const body = await refused([update(id, '*', { slug: taken.slug }), update('\u0000', '*', { slug: 'notun' })]);
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
    const texts = { kicker: 'ক', excerpt: 'খ', body: 'গ', bodyFormat: 'text', byline: 'ঘ', deskInitials: 'ঙ' };
    const whole = { ...texts, language: 'bn', status: 'review', tags: [], cover: null };
    const operations = Array.from({ length: 100 }, (_, index) => create(`শতকের খবর ${index}`, whole));
    const answer = await bulk(operations, { atomic: true }).expect(200);
    expect(answer.body.results).toHaveLength(100);
  });

  it('done again with the same Idempotency-Key is not done again', async () => {
    const once = () => bulk([create('একবারই')]).set('Idempotency-Key', 'bulk-1');
    const first = await once().expect(200);
    const second = await changesNothing(room, () => once().expect(200));
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });
});
