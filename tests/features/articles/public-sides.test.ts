import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';

type Sides = {
  type: string;
  version: number;
  keys: string[];
  is_public: boolean;
  public_before: unknown;
  public_after: unknown;
};

const ahead = '2027-03-26T00:00:00.000Z';
const behind = '2026-01-05T06:00:00.000Z';

let room: Newsroom;
let tags: string[] = [];
let source = '';
beforeAll(async () => {
  room = await openNewsroom();
  for (const name of ['হাওর', 'সেতু']) tags = [...tags, (await room.label('tags', { name })).id];
  source = (await room.label('sources', { name: 'মেঘনা বার্তা' })).id;
});
afterAll(() => room.close());

const sidesOf = (id: string) =>
  room.app.sql<Sides>(
    'SELECT type, version, keys, is_public, public_before, public_after FROM events WHERE subject_id = $1 ORDER BY seq',
    [id],
  );
/** Each event as its type, its version, and what strangers saw before and after, marked where it is public. */
const toldOf = async (id: string) =>
  (await sidesOf(id)).map(({ type, version, is_public, public_before, public_after }) => [
    type.replace('article.', ''),
    version,
    is_public,
    public_before,
    public_after,
  ]);
const lastOf = async (id: string) => (await toldOf(id)).at(-1);

/** Nothing of a list is named by what strangers cannot see. */
const listKeys = async (id: string) =>
  (await sidesOf(id))
    .filter(({ is_public }) => !is_public)
    .flatMap(({ keys }) => keys.filter((key) => key !== cacheKeys.article(id)));

describe('what an event says that strangers saw', () => {
  it('is nothing of a story that is scheduled for next year, which is scheduled and not published', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: ahead, tags, source });
    await room.patch(id, { title: 'নতুন সেতুর উদ্বোধন' }).expect(200);
    await room.step('publish', id, { at: '2027-04-14T00:00:00.000Z' }).expect(200);
    await room.step('unpublish', id).expect(200);
    expect(await toldOf(id)).toEqual([
      ['created', 1, false, null, null],
      ['scheduled', 1, false, null, null],
      ['updated', 2, false, null, null],
      ['scheduled', 3, false, null, null],
      ['unpublished', 4, false, null, null],
    ]);
    expect(await listKeys(id)).toEqual([]);
  });

  it('is its place before and after each change, from the first that shows it to the last', async () => {
    const { id, slug } = await room.story({ tags, source });
    const side = { slug, tags, source, language: 'bn' };
    await room.step('publish', id).expect(200);
    expect(await lastOf(id)).toEqual(['published', 2, true, null, side]);
    await room.patch(id, { title: 'সেতু খুলে দেওয়া হলো' }).expect(200);
    expect(await lastOf(id)).toEqual(['updated', 3, true, side, side]);
    const moved = { slug: 'haor-setu', tags: [...tags].reverse(), source: null, language: 'en' };
    await room.patch(id, moved).expect(200);
    expect(await lastOf(id)).toEqual(['updated', 4, true, side, moved]);
    await room.step('publish', id, { note: 'আবার দেখা হয়েছে।' }).expect(200);
    expect(await lastOf(id)).toEqual(['published', 5, true, moved, moved]);
    await room.step('unpublish', id).expect(200);
    expect(await lastOf(id)).toEqual(['unpublished', 6, true, moved, null]);
    await room.patch(id, { title: 'সেতু বন্ধ' }).expect(200);
    await room.trash(id).expect(204);
    expect((await toldOf(id)).slice(-2)).toEqual([
      ['updated', 7, false, null, null],
      ['trashed', 8, false, null, null],
    ]);
    expect(await listKeys(id)).toEqual([]);
  });

  it('is told once of a change that comes with another: the second event has it', async () => {
    const { id, slug } = await room.story({ status: 'published', publishedAt: ahead });
    const side = { slug, tags: [], source: null, language: 'bn' };
    await room.patch(id, { publishedAt: behind }).expect(200);
    await room.patch(id, { expiresAt: '2026-02-01T00:00:00.000Z' }).expect(200);
    await room.patch(id, { expiresAt: null }).expect(200);
    await room.patch(id, { publishedAt: ahead }).expect(200);
    expect((await toldOf(id)).slice(2)).toEqual([
      ['updated', 2, false, null, null],
      ['published', 2, true, null, side],
      ['updated', 3, false, side, side],
      ['expired', 3, true, side, null],
      ['updated', 4, false, null, null],
      ['published', 4, true, null, side],
      ['updated', 5, false, side, side],
      ['scheduled', 5, true, side, null],
    ]);
    const { id: over } = await room.story({
      status: 'published',
      publishedAt: behind,
      expiresAt: '2026-02-01T00:00:00Z',
    });
    expect(await toldOf(over)).toEqual([['created', 1, false, null, null]]);
  });

  it('follows a tag and a source that are merged into another', async () => {
    const [from, into] = [await room.label('tags', { name: 'বাঁধ' }), await room.label('tags', { name: 'বাঁধ ও বেড়ি' })];
    const old = await room.label('sources', { name: 'তিতাস বার্তা' });
    const { id, slug } = await room.story({ status: 'published', tags: [from.id, tags[0], into.id], source: old.id });
    const { id: hidden } = await room.story({ tags: [from.id] });
    const match = (path: string, method: 'post' | 'delete') => room.as('editor', method, path).set('If-Match', '*');
    await match(`/v1/tags/${from.id}/merge`, 'post').send({ into: into.id }).expect(200);
    const first = { slug, tags: [from.id, tags[0], into.id], source: old.id, language: 'bn' };
    const second = { ...first, tags: [into.id, tags[0]] };
    expect(await lastOf(id)).toEqual(['updated', 2, true, first, second]);
    expect(await lastOf(hidden)).toEqual(['updated', 2, false, null, null]);
    await match(`/v1/sources/${old.id}?reassignTo=${source}`, 'delete').expect(204);
    expect(await lastOf(id)).toEqual(['updated', 3, true, second, { ...second, source }]);
    expect(await lastOf(from.id)).toEqual(['tag.merged', 1, true, { slug: from.slug }, null]);
    expect(await lastOf(old.id)).toEqual(['source.deleted', 1, true, { slug: old.slug }, null]);
  });

  it('is the slug of a tag, which is public as long as it is there', async () => {
    const tag = await room.label('tags', { name: 'নৌপথ' });
    const match = (method: 'patch' | 'delete') => room.as('editor', method, `/v1/tags/${tag.id}`).set('If-Match', '*');
    await match('patch').send({ slug: 'noupoth' }).expect(200);
    await match('delete').expect(204);
    expect(await toldOf(tag.id)).toEqual([
      ['tag.created', 1, true, null, { slug: 'নৌপথ' }],
      ['tag.updated', 2, true, { slug: 'নৌপথ' }, { slug: 'noupoth' }],
      ['tag.deleted', 2, true, { slug: 'noupoth' }, null],
    ]);
  });

  it('is shown to admins', async () => {
    const { id, slug } = await room.story({ status: 'published', tags: [tags[1]] });
    const { body } = await room.as('admin', 'get', `/v1/events?subject=${id}&type=article.published`).expect(200);
    const publicAfter = { slug, tags: [tags[1]], source: null, language: 'bn' };
    expect(body.data).toEqual([expect.objectContaining({ isPublic: true, publicBefore: null, publicAfter })]);
  });
});
