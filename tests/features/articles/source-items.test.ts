import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { draftPath } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, type Story, type Who } from '../../support/newsroom.ts';
import { idsOf } from '../../support/walk.ts';

let room: Newsroom;
let sources: { id: string; slug: string }[];
let taker: Story;
let hidden: Story;

const item = 'ঢেউ, ৭/ক';

beforeAll(async () => {
  room = await openNewsroom();
  sources = [await room.label('sources', { name: 'ঢেউ বার্তা' }), await room.label('sources', { name: 'বালু বার্তা' })];
  taker = await room.story({ source: 'ঢেউ-বার্তা', sourceItemId: item, status: 'published' });
  hidden = await room.story({ source: 'ঢেউ-বার্তা', sourceItemId: 'গোপন' });
});
afterAll(() => room.close());

const taken = (existing?: string, sourceItemId = item) => ({
  code: 'source-item-taken',
  source: sources[0]?.id,
  sourceItemId,
  ...(existing === undefined ? {} : { existing }),
});
const wanted = { source: 'ঢেউ-বার্তা', sourceItemId: item };

describe('an item of a source that another article has', () => {
  it('is refused with the id of that article, in a new article and in a change', async () => {
    const { id } = await room.story({ source: 'ঢেউ-বার্তা' });
    const made = await changesNothing(room, () => room.create({ title: 'দ্বিতীয়', ...wanted }).expect(409));
    expect(made.body).toMatchObject(taken(taker.id));
    const patched = await changesNothing(room, () => room.patch(id, wanted).expect(409));
    expect(patched.body).toMatchObject(taken(taker.id));
  });

  it('is refused so in a bulk, alone and all or nothing', async () => {
    const { id } = await room.story();
    const operations = [{ op: 'update', id, ifMatch: '*', body: wanted }];
    const bulk = (atomic: boolean) => room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic });
    const { body } = await bulk(false).expect(200);
    expect(body.results[0]).toMatchObject({ status: 409, problem: taken(taker.id) });
    const whole = await changesNothing(room, () => bulk(true).expect(422));
    expect(whole.body).toMatchObject({ code: 'bulk-failed', existing: taker.id, sourceItemId: item });
  });

  it('is refused so when a working draft is published', async () => {
    const { id } = await room.story({ status: 'published' });
    await room.as('editor', 'patch', draftPath(id)).set('If-Match', '*').send(wanted).expect(200);
    const { body } = await changesNothing(room, () => room.step('publish', id).expect(409));
    expect(body).toMatchObject(taken(taker.id));
  });

  it('is refused so when the articles of one source are to go over to the other', async () => {
    const moving = await room.story({ source: 'বালু-বার্তা', sourceItemId: item });
    const remove = (from: number, to: number) =>
      room
        .as('editor', 'delete', `/v1/sources/${sources[from]?.id}?reassignTo=${sources[to]?.id}`)
        .set('If-Match', '*');
    expect((await changesNothing(room, () => remove(1, 0).expect(409))).body).toMatchObject(taken(taker.id));
    const { body } = await changesNothing(room, () => remove(0, 1).expect(409));
    expect(body).toMatchObject({ ...taken(moving.id), source: sources[1]?.id });
  });

  it('names no article that the caller may not see', async () => {
    const { id } = await room.story({}, 'author');
    const sent = { source: 'ঢেউ-বার্তা', sourceItemId: 'গোপন' };
    const { body } = await room.patch(id, sent, { as: 'author' }).expect(409);
    expect(body).toMatchObject(taken(undefined, 'গোপন'));
    expect(body).not.toHaveProperty('existing');
    const visible = await room.patch(id, wanted, { as: 'author' }).expect(409);
    expect(visible.body).toMatchObject(taken(taker.id));
  });
});

describe('a list by sourceItemId', () => {
  const find = async (query: string, as: Who | null = 'editor') =>
    idsOf((await room.as(as, 'get', `/v1/articles?${query}`).expect(200)).body);
  const by = (source: string, sourceItemId: string) =>
    `source=${encodeURIComponent(source)}&sourceItemId=${encodeURIComponent(sourceItemId)}`;

  it('gives the article that has the item, to staff and to readers', async () => {
    for (const as of ['editor', 'author', null] as const)
      for (const sort of ['', '&sort=title', '&language=bn', '&publishedFrom=2001-01-01'])
        expect(await find(`${by('ঢেউ-বার্তা', item)}${sort}`, as)).toEqual([taker.id]);
  });

  it('gives nobody what is not for them, and none of another item, case or source', async () => {
    expect(await find(by('ঢেউ-বার্তা', 'গোপন'))).toEqual([hidden.id]);
    for (const as of ['author', null] as const) expect(await find(by('ঢেউ-বার্তা', 'গোপন'), as)).toEqual([]);
    const { id } = await room.story({ source: 'ঢেউ-বার্তা', sourceItemId: 'Abc' });
    expect(await find(by('ঢেউ-বার্তা', 'Abc'))).toEqual([id]);
    expect(await find(by('ঢেউ-বার্তা', 'abc'))).toEqual([]);
    expect(await find(by('বালু-বার্তা', 'Abc'))).toEqual([]);
    expect(await find(by('নেই-বার্তা', 'Abc'))).toEqual([]);
  });

  it('gives one of each of several sources', async () => {
    const other = await room.story({ source: 'বালু-বার্তা', sourceItemId: 'দুই' });
    const one = await room.story({ source: 'ঢেউ-বার্তা', sourceItemId: 'দুই' });
    expect((await find(by('ঢেউ-বার্তা,বালু-বার্তা', 'দুই'))).sort()).toEqual([other.id, one.id].sort());
  });

  it('is refused without a source, and with an item that is empty or too long', async () => {
    for (const as of ['editor', null] as const) {
      const { body } = await room.as(as, 'get', '/v1/articles?sourceItemId=7').expect(400);
      expect(body.errors).toMatchObject([{ in: 'query', pointer: '/sourceItemId' }]);
      await room.as(as, 'get', `/v1/articles?${by('ঢেউ-বার্তা', 'ক'.repeat(256))}`).expect(400);
      await room.as(as, 'get', '/v1/articles?source=x&sourceItemId=').expect(400);
    }
  });
});
