/**
 * Every member of the create schema, with a value of its own, is found again wherever an article goes. A new member is
 * tried on the day it is added; where it is by rule not carried, one of the lists below says so and why.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { labelsOfValues, shownAs, valuesOf } from '../support/distinct-values.ts';
import { arrayOf, readDocument, recordOf, resolve, type Schema } from '../support/document.ts';
import { type DraftDesk, openDraftDesk } from '../support/drafts.ts';
import { type Caller, type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

type Body = Record<string, unknown>;
/** Members that a place does not carry, each with the reason. */
type Except = Readonly<Record<string, string>>;

const status = 'a new article is given one; afterwards steps change it';
const notPatched: Except = { status };
const notDrafted: Except = { status, publishedAt: 'the date of publication is the article’s and not the text’s' };
const notSentByWires: Except = { source: 'the path names it', sourceItemId: 'the path names it' };
const notSentAgain: Except = { ...notSentByWires, status };
const notRestored: Except = {
  status,
  publishedAt: 'dates stay as they are',
  expiresAt: 'dates stay as they are',
  slug: 'readers have the article at the slug that it has',
};
const notInTrash: Except = { status: 'it is trash, and a draft when it comes back' };
const notCleared: Except = { publishedAt: 'what is public has a date' };
const lists = { notCleared, notPatched, notDrafted, notSentByWires, notSentAgain, notRestored, notInTrash };

let room: Newsroom;
let desk: DraftDesk;
let root: Schema;
let schema: Schema;
let members: string[];
let nth = 0;

/** A body of the create schema, every value of it another than in the one before. */
const fresh = (): Body => {
  nth += 1;
  return valuesOf(root, schema, nth);
};
const without = (body: Body, except: Except): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !(name in except)));
/** The members of what was sent that a place shows, in the form in which they were sent. */
const found = (shown: unknown, sent: Body): Body =>
  Object.fromEntries(Object.keys(sent).map((name) => [name, shownAs(name, recordOf(shown)[name])]));
const expectAll = (shown: unknown, sent: Body) => expect(found(shown, sent)).toEqual(sent);

/** One side of the differences that an answer lists, as `before` or `draft`, by field. */
const sidesOf = (answer: Body) => (name: string) =>
  Object.fromEntries(
    arrayOf(answer.changes)
      .map(recordOf)
      .map((change) => [String(change.field), change[name]]),
  );

const get = async (path: string, as: Caller = 'editor'): Promise<Body> =>
  (await room.as(as, 'get', path).expect(200)).body;
const make = async (sent: Body): Promise<{ id: string; version: number }> => (await room.create(sent).expect(201)).body;
const bulk = async (operation: object): Promise<Body> => {
  const { body } = await room.as('editor', 'post', '/v1/articles/bulk').send({ operations: [operation] });
  return recordOf(arrayOf(body.results)[0]);
};
const preview = async (id: string): Promise<string> => {
  const { body } = await room
    .as('editor', 'post', `${pathOf(id)}/previews`)
    .send({})
    .expect(201);
  return `/v1/previews/${body.token}`;
};

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
  ({ root } = await readDocument(room.app));
  schema = resolve(root, { $ref: '#/components/schemas/ArticleCreate' });
  members = Object.keys(recordOf(schema.properties));
  for (const slug of labelsOfValues.tags) await room.label('tags', { name: slug, slug });
  for (const slug of labelsOfValues.sources) await room.label('sources', { name: slug, slug });
});
afterAll(() => room.close());

describe('every member of the create schema', () => {
  it('has values that differ from each other and from what is there without it', async () => {
    const plain = await make({ title: 'আর কিছু নেই' });
    const [one, other] = [fresh(), fresh()];
    expect(Object.keys(one)).toEqual(members);
    for (const name of members) {
      expect({ name, is: one[name] }).not.toEqual({ name, is: shownAs(name, recordOf(plain)[name]) });
      if (name !== 'status') expect({ name, is: one[name] }).not.toEqual({ name, is: other[name] });
    }
    const excepted = new Set(Object.values(lists).flatMap((list) => Object.keys(list)));
    expect([...excepted].filter((name) => !members.includes(name))).toEqual([]);
  });

  it('is stored by a create and shown to readers, to staff, in lists, in a revision and in a preview', async () => {
    const sent = fresh();
    const made = await make(sent);
    expectAll(made, sent);
    const listed = `/v1/articles?ids=${made.id}&fields=${members.join(',')}`;
    for (const as of [null, 'editor'] as const) {
      expectAll(await get(pathOf(made.id), as), sent);
      expectAll(await get(`${pathOf(made.id)}?fields=${members.join(',')}`, as), sent);
      expectAll(arrayOf((await get(listed, as)).data)[0], sent);
    }
    expectAll(await get(`${pathOf(made.id)}/revisions/1`), sent);
    expectAll(await get(await preview(made.id), null), sent);
  });

  it('is changed by a PATCH, differs in a comparison, and comes back with its revision', async () => {
    const [first, second] = [fresh(), fresh()];
    const { id } = await make(first);
    const patch = without(second, notPatched);
    expectAll((await room.patch(id, patch).expect(200)).body, patch);
    expectAll(await get(pathOf(id), null), patch);
    expectAll(await get(`${pathOf(id)}/revisions/2`), patch);
    const side = sidesOf(await get(`${pathOf(id)}/revisions/2/compare`));
    expectAll(side('before'), without(first, notPatched));
    expectAll(side('after'), patch);
    const restore = room.as('editor', 'post', `${pathOf(id)}/revisions/1/restore`).set('If-Match', '*');
    const back = without(first, notRestored);
    expectAll((await restore.expect(200)).body, back);
    expectAll(await get(pathOf(id), null), back);
    const kept = Object.fromEntries(Object.keys(notRestored).map((name) => [name, second[name]]));
    expectAll(await get(pathOf(id), null), kept);
  });

  it.each(['patch', 'put'] as const)('is drafted by a %s, previewed, and published with the draft', async (method) => {
    const [first, second] = [fresh(), fresh()];
    const { id } = await make(first);
    const sent = without(second, notDrafted);
    const { body: draft } = await desk[method](id, sent).expect(200);
    expectAll(draft, sent);
    expectAll((await desk.read(id).expect(200)).body, sent);
    const side = sidesOf(draft);
    expectAll(side('live'), without(first, notDrafted));
    expectAll(side('draft'), sent);
    expectAll(await get(await preview(id), null), sent);
    expectAll(await get(pathOf(id), null), first);
    expectAll((await room.step('publish', id, { draftVersion: draft.version }).expect(200)).body, sent);
    expectAll(await get(pathOf(id), null), sent);
  });

  it('stays in a draft that is rebased, and follows the live article where the draft left it alone', async () => {
    const [first, second, third] = [fresh(), fresh(), fresh()];
    const { id } = await make(first);
    const own = without(second, notDrafted);
    await desk.draft(id, own);
    const live = without(third, notPatched);
    const { body: moved } = await room.patch(id, live).expect(200);
    expectAll(await desk.draft(id, { baseVersion: moved.version }), own);
    await desk.discard(id).expect(204);
    await desk.draft(id, {});
    const sent = without(fresh(), notPatched);
    const { body: again } = await room.patch(id, sent).expect(200);
    expectAll(await desk.draft(id, { baseVersion: again.version }), without(sent, notDrafted));
  });

  it('is taken from a wire, in an item and in its next version', async () => {
    const [first, second] = [fresh(), fresh()];
    const item = `/v1/sources/${labelsOfValues.sources[0]}/items/pratyek`;
    const put = (itemVersion: number, sent: Body) => room.as('editor', 'put', item).send({ itemVersion, ...sent });
    const { body: made } = await put(1, without(first, notSentByWires)).expect(201);
    expectAll(made, { ...first, source: labelsOfValues.sources[0], sourceItemId: 'pratyek' });
    const next = without(second, notSentAgain);
    expectAll((await put(2, next).expect(200)).body, next);
    expectAll(await get(pathOf(made.id), null), next);
  });

  it('is created and updated in a bulk', async () => {
    const [first, second] = [fresh(), fresh()];
    const created = recordOf((await bulk({ op: 'create', body: first })).article);
    expectAll(created, first);
    const sent = without(second, notPatched);
    const { article } = await bulk({ op: 'update', id: created.id, ifMatch: '*', body: sent });
    expectAll(article, sent);
    expectAll(await get(pathOf(String(created.id)), null), sent);
  });

  it('stays as it was through every change of another', async () => {
    const sent = fresh();
    const { id } = await make(sent);
    const others = without(sent, { title: 'it is what changes' });
    expectAll((await room.patch(id, { title: 'নাম বদল' }).expect(200)).body, others);
    expectAll(await desk.draft(id, { title: 'খসড়ায় নাম বদল' }), without(others, notDrafted));
    expectAll((await room.step('publish', id).expect(200)).body, others);
    const item = `/v1/sources/${sent.source}/items/${encodeURIComponent(String(sent.sourceItemId))}`;
    const taken = await room.as('editor', 'put', item).send({ itemVersion: 1, title: 'তারে নাম বদল' });
    expectAll(taken.body, others);
    for (const step of ['unpublish', 'submit', 'archive', 'restore', 'publish'] as const)
      expectAll((await room.step(step, id).expect(200)).body, without(others, notPatched));
  });

  it('is cleared by null where it may be, by a PATCH and by a draft', async () => {
    const isNullable = (name: string) => arrayOf(recordOf(recordOf(schema.properties)[name]).anyOf).some(isNull);
    const isNull = (each: unknown) => resolve(root, each).type === 'null';
    const nullable = members.filter((name) => isNullable(name) && !(name in notCleared));
    const cleared = Object.fromEntries(nullable.map((name) => [name, null]));
    const areNull = (shown: unknown) => expect(nullable.filter((name) => recordOf(shown)[name] !== null)).toEqual([]);
    const { id } = await make(fresh());
    const { body: draft } = await desk.patch(id, cleared).expect(200);
    areNull(draft);
    areNull((await room.step('publish', id, { draftVersion: draft.version }).expect(200)).body);
    const other = await make(fresh());
    areNull((await room.patch(other.id, cleared).expect(200)).body);
    areNull(await get(pathOf(other.id), null));
    expect(nullable.length).toBeGreaterThan(5);
  });

  it('is kept in the trash and back', async () => {
    const sent = fresh();
    const { id } = await make(sent);
    const kept = without(sent, notInTrash);
    await room.trash(id).expect(204);
    expectAll(await get(pathOf(id)), kept);
    expectAll((await room.step('restore', id).expect(200)).body, kept);
    expectAll((await room.step('publish', id).expect(200)).body, sent);
    expectAll(await get(pathOf(id), null), sent);
  });
});
