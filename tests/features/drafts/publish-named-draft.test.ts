import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, pointers } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
});
afterAll(() => room.close());

const published = (body: object = {}) => room.story({ status: 'published', ...body });
const publish = (id: string, draftVersion?: unknown) => room.step('publish', id, { draftVersion });
const applied = expect.objectContaining({ code: 'applied-draft' });

describe('publishing with draftVersion', () => {
  it('applies the draft that was read, and then has nothing to warn of', async () => {
    const live = await published();
    const { version } = await desk.draft(live.id, { title: 'পড়া শিরোনাম' });
    const { body } = await publish(live.id, version).expect(200);
    expect(body).toMatchObject({ title: 'পড়া শিরোনাম', warnings: [] });
    expect(await desk.rows(live.id)).toEqual([]);
  });

  it('never publishes what a colleague typed since: the refusal names the draft of now and what it changes', async () => {
    const live = await published({ title: 'পুরোনো', excerpt: 'সার' });
    const read = await desk.draft(live.id, { title: 'শেষ করা শিরোনাম' });
    const { body: typed } = await desk.patch(live.id, { excerpt: 'অর্ধেক বা' }, { as: 'admin' }).expect(200);
    const refused = await changesNothing(room, () => publish(live.id, read.version).expect(412));
    expect(refused.body).toMatchObject({
      code: 'stale',
      currentVersion: typed.version,
      draftChanges: [{ field: 'title' }, { field: 'excerpt', before: 'সার', after: 'অর্ধেক বা' }],
      detail: expect.stringContaining(typed.updatedAt),
    });
    expect(pointers(refused)).toEqual(['/draftVersion']);
    expect((await desk.read(live.id).expect(200)).body.version).toBe(typed.version);
    expect((await publish(live.id, typed.version).expect(200)).body.excerpt).toBe('অর্ধেক বা');
  });

  it('is 412 where that draft was published or discarded, and changes nothing', async () => {
    const live = await room.story();
    const { version } = await desk.draft(live.id, { title: 'ফেলে দেওয়া' });
    await desk.discard(live.id).expect(204);
    const refused = await changesNothing(room, () => publish(live.id, version).expect(412));
    expect(refused.body.code).toBe('draft-gone');
    expect(refused.body).not.toHaveProperty('currentVersion');
    expect(pointers(refused)).toEqual(['/draftVersion']);
  });

  it('0 publishes the live text and leaves the draft alone, also one that is behind', async () => {
    const story = await room.story({ title: 'যা পড়েছি' });
    const draft = await desk.draft(story.id, { title: 'অসমাপ্ত' });
    const { body } = await publish(story.id, 0).expect(200);
    expect(body).toMatchObject({ title: 'যা পড়েছি', status: 'published', warnings: [] });
    const left = (await desk.read(story.id).expect(200)).body;
    expect(left).toMatchObject({ version: draft.version, title: 'অসমাপ্ত', behind: false });
    await room.patch(story.id, { title: 'আবার বদল' }).expect(200);
    expect((await desk.read(story.id).expect(200)).body.behind).toBe(true);
    await publish(story.id).expect(409);
    expect((await publish(story.id, 0).expect(200)).body.title).toBe('আবার বদল');
    await publish((await room.story()).id, 0).expect(200);
  });

  it('comes after If-Match of the article and before what the draft would undo', async () => {
    const live = await published({ title: 'এক' });
    const { version } = await desk.draft(live.id, { title: 'দুই' });
    await room.patch(live.id, { title: 'তিন' }).expect(200);
    const body = { draftVersion: version };
    const { body: stale } = await room.step('publish', live.id, body, { match: `"${live.version}"` }).expect(412);
    expect(stale).toMatchObject({ currentVersion: live.version + 1, changes: [{ field: 'title' }] });
    expect((await publish(live.id, version + 1).expect(412)).body.currentVersion).toBe(version);
    expect((await publish(live.id, version).expect(409)).body.code).toBe('draft-behind');
  });

  it('is a whole number', async () => {
    const live = await published();
    for (const wrong of [null, -1, 1.5, '1000000', true]) {
      expect(pointers(await publish(live.id, wrong).expect(400))).toEqual(['/draftVersion']);
    }
  });
});

describe('publishing without draftVersion', () => {
  it('applies a draft and says so: which, whose and of when', async () => {
    const live = await published();
    await desk.draft(live.id, { title: 'সহকর্মীর শিরোনাম' });
    const { body: draft } = await desk.patch(live.id, { kicker: 'হাট' }, { as: 'admin' }).expect(200);
    const { body } = await publish(live.id).expect(200);
    const detail = `version ${draft.version}, last changed by রিনা আখতার at ${draft.updatedAt}`;
    expect(body).toMatchObject({ title: 'সহকর্মীর শিরোনাম', warnings: [{ code: 'applied-draft', detail, count: 1 }] });
  });

  it('has nothing to say where there is none', async () => {
    expect((await publish((await room.story()).id).expect(200)).body.warnings).toEqual([]);
  });
});

describe('publishing many', () => {
  const bulk = (operations: object[], atomic = false) =>
    room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic });
  const publishing = (id: string, draftVersion?: number) => ({
    op: 'publish',
    id,
    ifMatch: '*',
    body: draftVersion === undefined ? {} : { draftVersion },
  });

  it('takes the same of each, and warns of each that was applied unread', async () => {
    const [read, unread, left, typed] = [
      await room.story(),
      await room.story(),
      await room.story(),
      await room.story(),
    ];
    const { version } = await desk.draft(read.id, { title: 'পড়া' });
    await desk.draft(unread.id, { title: 'না-পড়া' });
    await desk.draft(left.id, { title: 'পরে হবে' });
    const old = await desk.draft(typed.id, { title: 'লেখা চলছে' });
    await desk.draft(typed.id, { title: 'লেখা চলছে এখনো' });
    const { body } = await bulk([
      publishing(read.id, version),
      publishing(unread.id),
      publishing(left.id, 0),
      publishing(typed.id, old.version),
    ]).expect(200);
    const [first, second, third, fourth] = body.results;
    expect(first.article).toMatchObject({ title: 'পড়া', warnings: [] });
    expect(second.article).toMatchObject({ title: 'না-পড়া', warnings: [applied] });
    expect(third.article).toMatchObject({ title: left.title, warnings: [] });
    expect(fourth).toMatchObject({ status: 412, problem: { code: 'stale', currentVersion: old.version + 1 } });
    expect(await desk.rows(left.id)).toHaveLength(1);
  });

  it('all or nothing keeps every draft where one is not the one that was read, and points to it', async () => {
    const [one, two] = [await room.story(), await room.story()];
    const first = await desk.draft(one.id, { title: 'প্রথম' });
    const second = await desk.draft(two.id, { title: 'দ্বিতীয়' });
    const call = () => bulk([publishing(one.id, first.version), publishing(two.id, second.version + 1)], true);
    const refused = await changesNothing(room, () => call().expect(422));
    expect(pointers(refused)).toEqual(['/operations/1', '/operations/1/body/draftVersion']);
    for (const { id } of [one, two]) expect(await desk.rows(id)).toHaveLength(1);
  });
});

describe('a wire item that is to be published', () => {
  it('is, as the agency has it; the draft of the desk stays a draft', async () => {
    const { slug } = await room.label('sources', { name: 'মেঘনা বার্তা' });
    const put = (body: object) => room.as('editor', 'put', `/v1/sources/${slug}/items/mb-7`).send(body);
    const { body: item } = await put({ itemVersion: 1, status: 'draft', title: 'মেঘনায় জোয়ার' }).expect(201);
    await desk.draft(item.id, { title: 'মেঘনায় জো' });
    const { body } = await put({ itemVersion: 2, status: 'published', title: 'মেঘনায় বড় জোয়ার' }).expect(200);
    expect(body).toMatchObject({ status: 'published', title: 'মেঘনায় বড় জোয়ার' });
    expect((await desk.read(item.id).expect(200)).body).toMatchObject({ title: 'মেঘনায় জো', behind: true });
  });
});
