import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import type { Change } from '../../../src/features/changes/changes.schema.ts';
import { bearer } from '../../support/app.ts';
import { type Caller, type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { withCharacterChanged } from '../../support/tampering.ts';

const { numberOnce } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

type Page = { data: Change[]; page: { nextCursor: string; more: boolean } };

const get = (query: string, as: Caller = null) => room.as(as, 'get', `/v1/changes${query}`);

const pageOf = async (query: string, as: Caller = null): Promise<Page> => (await get(query, as).expect(200)).body;

/** Goes on from a cursor, or from the beginning, until nothing waits any more. */
async function follow(filters: string, after: string | null = null, as: Caller = null) {
  // Another walk may be numbering: what is not numbered yet comes after the walk, and then a second time.
  while ((await numberOnce(room.app.deps.db)) === null);
  const entries: Change[] = [];
  let cursor = after;
  for (;;) {
    const from: string = cursor === null ? '' : `&after=${cursor}`;
    const { data, page } = await pageOf(`?${filters}${from}`, as);
    entries.push(...data);
    cursor = page.nextCursor;
    if (!page.more) return { entries, cursor };
  }
}

const said = ({ op, kind, id }: Change) => `${op} ${kind} ${id}`;

describe('GET /v1/changes', () => {
  it('walks through what strangers see, by kind and id, and then says what changed since', async () => {
    const tag = await room.label('tags', { name: 'হাওর' });
    const source = await room.label('sources', { name: 'হাওর বার্তা' });
    const story = await room.story({ title: 'হাওরে আগাম বন্যা', status: 'published', tags: [tag.id] });
    const draft = await room.story({ title: 'খসড়াতেই থাকে' });
    const { entries, cursor } = await follow('limit=1');
    expect(entries.map(said)).toEqual([
      `upsert article ${story.id}`,
      `upsert source ${source.id}`,
      `upsert tag ${tag.id}`,
    ]);
    expect(entries[0]).toMatchObject({ slug: story.slug, version: 1, event: null, position: null });
    expect(JSON.stringify(entries)).not.toContain(draft.id);

    await room.patch(story.id, { kicker: 'বন্যা' }).expect(200);
    const next = await follow('', cursor);
    expect(next.entries).toMatchObject([
      { op: 'upsert', id: story.id, slug: story.slug, version: 2, event: { type: 'article.updated' } },
    ]);
    expect(next.entries[0]?.keys).toContain(cacheKeys.article(story.id));
    expect((await follow('', next.cursor)).entries).toEqual([]);
  });

  it('has positions without gaps for strangers, however many drafts are saved between', async () => {
    const { cursor } = await follow('');
    const story = await room.story({ title: 'নৌকাবাইচ', status: 'published' });
    for (let count = 0; count < 5; count += 1) await room.story({ title: `গোপন ${count}` });
    const tag = await room.label('tags', { name: 'নৌকাবাইচ' });
    const { entries } = await follow('', cursor);
    expect(entries.map(said)).toEqual([`upsert article ${story.id}`, `upsert tag ${tag.id}`]);
    const [first, second] = entries.map(({ position }) => position ?? 0);
    expect(second).toBe(Number(first) + 1);
  });

  it('tells of several changes of one thing once, by the last, with the keys of all', async () => {
    const { cursor } = await follow('');
    const [one, two] = [await room.label('tags', { name: 'এক' }), await room.label('tags', { name: 'দুই' })];
    const story = await room.story({ title: 'তিনবার বদলানো', status: 'published', tags: [one.id] });
    await room.patch(story.id, { tags: [two.id] }).expect(200);
    await room.patch(story.id, { title: 'চতুর্থবার' }).expect(200);
    const { entries } = await follow('kind=article', cursor);
    expect(entries).toMatchObject([{ op: 'upsert', id: story.id, version: 3, event: { type: 'article.updated' } }]);
    expect(entries[0]?.keys).toEqual(
      expect.arrayContaining([cacheKeys.latestOfTag(one.id), cacheKeys.latestOfTag(two.id)]),
    );
  });

  it('removes what is withdrawn, with the slug that it had and no text, and brings it back', async () => {
    const story = await room.story({ title: 'সরানো খবর', status: 'published' });
    const { cursor } = await follow('include=item');
    await room.step('unpublish', story.id).expect(200);
    const away = await follow('include=item', cursor);
    expect(away.entries).toMatchObject([{ op: 'remove', kind: 'article', id: story.id, slug: story.slug }]);
    expect(away.entries[0]).not.toHaveProperty('item');
    await room.step('publish', story.id).expect(200);
    expect((await follow('include=item', away.cursor)).entries).toMatchObject([
      { op: 'upsert', id: story.id, item: { id: story.id, title: 'সরানো খবর' } },
    ]);
  });

  it('with include=item gives what strangers see, tags and source by id and without other editions', async () => {
    const tag = await room.label('tags', { name: 'বাজারদর' });
    const source = await room.label('sources', { name: 'বাজার সংবাদ' });
    const story = await room.story({ title: 'পেঁয়াজের দাম', status: 'published', tags: [tag.id], source: source.id });
    const { entries } = await follow('include=item');
    const itemOf = (id: string) => entries.find((entry) => entry.id === id)?.item;
    const { body: page } = await room.read(story.id).expect(200);
    const { translations: _, ...shown } = page;
    expect(itemOf(story.id)).toEqual({ ...shown, tags: [tag.id], source: source.id });
    expect(itemOf(tag.id)).toEqual((await room.as(null, 'get', `/v1/tags/${tag.id}`).expect(200)).body);
    expect(itemOf(source.id)).toEqual((await room.as(null, 'get', `/v1/sources/${source.id}`).expect(200)).body);
  });

  it('of a label that is gone says so, and of the articles that had it', async () => {
    const [from, into] = [await room.label('tags', { name: 'পুরোনো' }), await room.label('tags', { name: 'নতুন' })];
    const story = await room.story({ title: 'মিলে যাওয়া', status: 'published', tags: [from.id] });
    const { cursor } = await follow('');
    const merge = room.as('editor', 'post', `/v1/tags/${from.id}/merge`).set('If-Match', '*');
    await merge.send({ into: into.id }).expect(200);
    const { entries } = await follow('', cursor);
    expect(entries.map(said).sort()).toEqual([`remove tag ${from.id}`, `upsert article ${story.id}`].sort());
  });

  it('follows one tag, one source or one language: what leaves it is removed, though it has gone on twice since', async () => {
    const [a, b, c] = await Promise.all(['ক', 'খ', 'গ'].map((name) => room.label('tags', { name: `${name} বিভাগ` })));
    const source = await room.label('sources', { name: 'গ্রাম বার্তা' });
    const story = await room.story({ title: 'ঘুরে বেড়ানো', status: 'published', tags: [a?.id], source: source.id });
    const other = await room.story({ title: 'অন্য খবর', status: 'published', tags: [b?.id], language: 'en' });
    const walks = await Promise.all(
      [`tag=${a?.id}`, `source=${source.id}`, 'language=en'].map((filter) => follow(`kind=article&${filter}`)),
    );
    expect(walks.map(({ entries }) => entries.map(said))).toEqual([
      [`upsert article ${story.id}`],
      [`upsert article ${story.id}`],
      [`upsert article ${other.id}`],
    ]);
    await room.patch(story.id, { tags: [b?.id], source: null }).expect(200);
    await room.patch(story.id, { tags: [c?.id] }).expect(200);
    await room.patch(other.id, { language: 'bn' }).expect(200);
    const [ofTag, ofSource, ofLanguage] = walks.map(({ cursor }) => cursor);
    expect((await follow(`kind=article&tag=${a?.id}`, ofTag)).entries.map(said)).toContain(
      `remove article ${story.id}`,
    );
    expect((await follow(`kind=article&source=${source.id}`, ofSource)).entries.map(said)).toContain(
      `remove article ${story.id}`,
    );
    expect((await follow('kind=article&language=en', ofLanguage)).entries.map(said)).toContain(
      `remove article ${other.id}`,
    );
    expect((await follow('kind=article&tag=nobody-knows-it')).entries).toEqual([]);
  });

  it('shows staff drafts, and what is in the trash as removed', async () => {
    const { cursor } = await follow('audience=staff', null, 'viewer');
    const draft = await room.story({ title: 'ঘরের ভেতরের খসড়া' });
    const made = await follow('audience=staff&include=item', cursor, 'viewer');
    expect(made.entries).toMatchObject([{ op: 'upsert', id: draft.id, item: { status: 'draft' } }]);
    await room.trash(draft.id).expect(204);
    expect((await follow('audience=staff', made.cursor, 'editor')).entries).toMatchObject([
      { op: 'remove', id: draft.id, slug: draft.slug, event: { type: 'article.trashed' } },
    ]);
  });

  it('is for viewers, editors and admins where it is not public: 401 without a token, 403 for authors and limited keys', async () => {
    await get('?audience=staff').expect(401);
    await get('?audience=staff', 'author').expect(403);
    const tag = await room.label('tags', { name: 'সীমা' });
    const statusWith = async (body: object) => {
      const made = await room
        .as('admin', 'post', '/v1/keys')
        .send({ name: 'তার', role: 'editor', ...body })
        .expect(201);
      const call = room.app.request('get', '/v1/changes?audience=staff');
      return (await call.set('Authorization', `Bearer ${made.body.token}`)).status;
    };
    expect(await statusWith({ tags: [tag.id] })).toBe(403);
    expect(await statusWith({})).toBe(200);
    const author = room.app.request('get', '/v1/changes').set(...bearer(room.people.author));
    await author.expect(200);
  });

  it('says 410 for a cursor of another past, of a secret that is gone or behind what is kept, and 400 for one of another list', async () => {
    await room.story({ title: 'আগের ইতিহাস', status: 'published' });
    const { cursor } = await follow('');
    const latest = (await room.as(null, 'get', '/v1/latest?limit=1').expect(200)).body.page.nextCursor;
    const refused = async (after: string, status: number) => (await get(`?after=${after}`).expect(status)).body.code;
    expect(await refused(withCharacterChanged(cursor, 0), 410)).toBe('cursor-expired');
    for (const none of ['abc', cursor.slice(0, -4), 'কিছু না']) expect(await refused(none, 400)).toBe('invalid-cursor');
    expect(await refused(latest, 400)).toBe('invalid-cursor');
    expect((await get(`?audience=staff&after=${cursor}`, 'viewer').expect(400)).body.code).toBe('invalid-cursor');
    const { sql } = room.app;
    await room.story({ title: 'নতুন ইতিহাস', status: 'published' });
    const { cursor: later } = await follow('', cursor);
    await sql(
      `UPDATE events SET id = gen_random_uuid() WHERE seq = (SELECT event_seq FROM changes ORDER BY public_position DESC NULLS LAST LIMIT 1)`,
    );
    expect(await refused(later, 410)).toBe('cursor-expired');
    const walking = (await pageOf('?limit=1')).page.nextCursor;
    expect((await pageOf(`?after=${walking}`)).page.more).toBe(true);
    await sql('DELETE FROM events');
    await sql('DELETE FROM changes');
    expect(await refused(cursor, 410)).toBe('cursor-expired');
    expect(await refused(walking, 410)).toBe('cursor-expired');
    expect((await follow('')).entries.length).toBeGreaterThan(3);
  });
});
