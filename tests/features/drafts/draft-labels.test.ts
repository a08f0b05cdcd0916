import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, together } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;
type Label = Awaited<ReturnType<Newsroom['label']>>;
let tag: Label;
let other: Label;
let source: Label;
let heir: Label;
let count = 0;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
});
beforeEach(async () => {
  count += 1;
  tag = await room.label('tags', { name: `চর ${count}` });
  other = await room.label('tags', { name: `দ্বীপ ${count}` });
  source = await room.label('sources', { name: `চরের বার্তা ${count}` });
  heir = await room.label('sources', { name: `দ্বীপের বার্তা ${count}` });
});
afterAll(() => room.close());

const published = (body: object = {}) => room.story({ status: 'published', ...body });
const remove = (path: string) => room.as('editor', 'delete', `/v1/${path}`).set('If-Match', '*');
const merge = (from: string, into: string) =>
  room.as('editor', 'post', `/v1/tags/${from}/merge`).set('If-Match', '*').send({ into });
const slugs = (tags: { slug: string }[]) => tags.map(({ slug }) => slug);

describe('a tag or a source that only a working draft names', () => {
  it('is in use: it is not deleted, and counted once with an article that has it too', async () => {
    const [both, drafted] = [await published({ tags: [tag.slug] }), await published()];
    await desk.draft(both.id, { title: 'খসড়া' });
    await desk.draft(drafted.id, { tags: [tag.slug, other.slug], source: source.slug, sourceItemId: 'চ-১' });
    for (const [path, articles] of [
      [`tags/${tag.id}`, 2],
      [`tags/${other.id}`, 1],
      [`sources/${source.id}`, 1],
    ] as const) {
      const { body } = await changesNothing(room, () => remove(path).expect(409));
      expect(body).toMatchObject({ code: 'in-use', articles, detail: expect.stringContaining('working drafts') });
    }
    await desk.discard(drafted.id).expect(204);
    await remove(`tags/${other.id}`).expect(204);
    await remove(`sources/${source.id}`).expect(204);
  });

  it('gives its place in the draft to the one that it is reassigned to or merged into, and to no article', async () => {
    const live = await published({ tags: [other.slug] });
    const third = await room.label('tags', { name: `মোহনা ${count}` });
    const made = await desk.draft(live.id, {
      tags: [tag.slug, other.slug],
      source: source.slug,
      sourceItemId: 'চ-২',
    });
    await remove(`sources/${source.id}?reassignTo=${heir.id}`).expect(204);
    await remove(`tags/${tag.id}?reassignTo=${third.id}`).expect(204);
    const { body: moved } = await desk.read(live.id).expect(200);
    expect(moved).toMatchObject({ source: { id: heir.id }, sourceItemId: 'চ-২', behind: false });
    expect(moved.version).toBe(made.version + 2);
    expect(slugs(moved.tags)).toEqual([third.slug, other.slug]);
    expect((await room.seen(live.id)).version).toBe(live.version);
    await merge(third.id, other.id).expect(200);
    const { body } = await room.step('publish', live.id, { draftVersion: made.version + 3 }).expect(200);
    expect(slugs(body.tags)).toEqual([other.slug]);
    expect(body).toMatchObject({ source: { id: heir.id }, warnings: [] });
  });

  it('counts up the version of each draft that it changed, with an event: the one that was read is 412', async () => {
    const [named, other1] = [await published(), await published({ tags: [other.slug] })];
    const made = await desk.draft(named.id, { tags: [tag.slug], source: source.slug });
    const apart = await desk.draft(other1.id, { kicker: 'চর' });
    await room
      .as('admin', 'post', `/v1/tags/${tag.id}/merge`)
      .set('If-Match', '*')
      .send({ into: other.id })
      .expect(200);
    await room.as('admin', 'delete', `/v1/sources/${source.id}?reassignTo=${heir.id}`).set('If-Match', '*').expect(204);
    const { body: stale } = await changesNothing(room, () =>
      room.step('publish', named.id, { draftVersion: made.version }).expect(412),
    );
    expect(stale).toMatchObject({ code: 'stale', currentVersion: made.version + 2 });
    expect(stale.draftChanges.map(({ field }: { field: string }) => field)).toEqual(['source', 'tags']);
    const { body: shown } = await desk.read(named.id).expect(200);
    expect(shown).toMatchObject({ version: made.version + 2, updatedBy: { id: room.people.admin.id } });
    const edited = (await room.events(named.id)).filter(({ type }) => type === 'draft.updated').slice(1);
    expect(edited.map(({ data, keys, actor_id }) => [data, keys, actor_id])).toEqual(
      ['tags', 'source'].map((field) => [{ changed: [field], baseVersion: named.version }, [], room.people.admin.id]),
    );
    expect((await desk.read(other1.id).expect(200)).body.version).toBe(apart.version);
    await room.step('publish', named.id, { draftVersion: made.version + 2 }).expect(200);
  });

  it('puts no draft behind when it moves in the live article too, whatever the draft made of the tags', async () => {
    const [longer, emptied] = [await published({ tags: [tag.slug] }), await published({ tags: [tag.slug] })];
    const third = await room.label('tags', { name: `বালুচর ${count}` });
    await desk.draft(longer.id, { tags: [tag.slug, third.slug] });
    await desk.draft(emptied.id, { tags: [] });
    await merge(tag.id, other.id).expect(200);
    const { body } = await desk.read(longer.id).expect(200);
    expect(body).toMatchObject({ behind: false, baseVersion: longer.version + 1, articleVersion: longer.version + 1 });
    expect(slugs((await room.step('publish', longer.id).expect(200)).body.tags)).toEqual([other.slug, third.slug]);
    expect((await room.step('publish', emptied.id).expect(200)).body.tags).toEqual([]);
  });

  it('while drafts take it up and lose it ends each call well and leaves none that names what is gone', async () => {
    const stories = [await published(), await published(), await published({ tags: [tag.slug] })];
    for (const { id } of stories) await desk.draft(id, { kicker: 'চর' });
    const edits = stories.flatMap(({ id }) => [
      () => desk.patch(id, { tags: [tag.id], kicker: 'এক' }),
      () => desk.patch(id, { tags: [other.id, tag.id] }),
    ]);
    const { answers } = await together([...edits, () => merge(tag.id, other.id), ...edits]);
    for (const { status } of answers) expect([200, 404, 422]).toContain(status);
    await merge(tag.id, other.id);
    for (const { id } of stories) {
      const { body } = await desk.read(id).expect(200);
      expect(body.warnings).toEqual([]);
      expect(slugs(body.tags).filter((slug) => slug !== other.slug)).toEqual([]);
    }
  });
});

describe('a reference of a draft that is gone all the same', () => {
  it('is left out, named in a warning by what it was called, and publishing says the same', async () => {
    const live = await published({ tags: [tag.slug], source: source.slug, sourceItemId: 'চ-৩' });
    const made = await desk.draft(live.id, { title: 'শিরোনাম থাকে' });
    const never = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
    await room.patch(live.id, { tags: [], source: null, sourceItemId: null }).expect(200);
    await desk.draft(live.id, { baseVersion: live.version + 1 });
    await remove(`tags/${other.id}`).expect(204);
    const content = { tagIds: [tag.id, other.id, never], sourceId: source.id, sourceItemId: 'চ-৩' };
    await room.app.sql('UPDATE drafts SET content = content || $2, base_version = $3 WHERE article_id = $1', [
      live.id,
      JSON.stringify(content),
      live.version,
    ]);
    await room.app.sql('DELETE FROM tags WHERE id = $1', [tag.id]);
    await room.app.sql('DELETE FROM sources WHERE id = $1', [source.id]);
    const gone = [
      { code: 'removed-source', detail: source.name, count: 1 },
      { code: 'removed-tag', detail: tag.name, count: 1 },
      { code: 'removed-tag', detail: other.slug, count: 1 },
      { code: 'removed-tag', detail: never, count: 1 },
    ];
    const { body: shown } = await desk.read(live.id).expect(200);
    expect(shown).toMatchObject({ tags: [], source: null, sourceItemId: null, warnings: gone });
    const { source: none, sourceItemId, tags } = shown;
    const kept = await desk.patch(live.id, { kicker: 'চর', body: '<p>ক<script>x</script></p>' }).expect(200);
    expect(kept.body.warnings).toEqual([expect.objectContaining({ code: 'removed-element' }), ...gone]);
    expect(kept.body.version).toBe(made.version + 2);
    const { body } = await room.step('publish', live.id, { draftVersion: kept.body.version }).expect(200);
    expect(body).toMatchObject({ title: 'শিরোনাম থাকে', tags: [], source: null, sourceItemId: null, warnings: gone });
    await desk.patch(live.id, { source: none, sourceItemId, tags }).expect(200);
  });
});

describe('a draft that is behind when its labels go over into others', () => {
  it('has changed nothing by that: rebased, it follows the tags and the source of the live article', async () => {
    const third = await room.label('tags', { name: `মোহনা ${count}` });
    const last = await room.label('sources', { name: `মোহনার বার্তা ${count}` });
    const { id } = await published({ tags: [tag.slug], source: source.slug });
    await desk.draft(id, { kicker: 'চর' });
    await room.patch(id, { tags: [tag.slug, third.slug], source: last.slug }).expect(200);
    await merge(tag.id, other.id).expect(200);
    await remove(`sources/${source.id}?reassignTo=${heir.id}`).expect(204);
    const behind = await room.step('publish', id).expect(409);
    const fields = (changes: { field: string }[]) => changes.map(({ field }) => field);
    expect(fields(behind.body.liveChanges)).toEqual(['source', 'tags']);
    expect(fields(behind.body.draftChanges)).toEqual(['kicker']);
    const { body } = await desk.patch(id, { baseVersion: behind.body.articleVersion }).expect(200);
    expect(slugs(body.tags)).toEqual([other.slug, third.slug]);
    expect(body).toMatchObject({ source: { id: last.id }, kicker: 'চর', behind: false });
    expect(fields(body.changes)).toEqual(['kicker']);
  });
});
