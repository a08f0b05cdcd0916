import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { draftPath } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, type Place, pathOf, type Story } from '../../support/newsroom.ts';
import { rowsOf } from '../../support/world.ts';

let room: Newsroom;
let token: string;
let previewId: string;

/** Every call that changes an article or what hangs on it, as one that would change nothing where there is one. */
const calls = [
  ['patch', '', {}],
  ['patch', '', { title: 'অন্য কথা' }],
  ['delete', '', undefined],
  ['post', '/publish', { draftVersion: 0 }],
  ['post', '/publish', {}],
  ['post', '/submit', {}],
  ['post', '/return', { note: 'আবার দেখুন' }],
  ['post', '/unpublish', {}],
  ['post', '/archive', {}],
  ['post', '/restore', {}],
  ['post', '/purge', undefined],
  ['post', '/revisions/1/restore', {}],
  ['patch', '/draft', {}],
  ['put', '/draft', {}],
  ['delete', '/draft', undefined],
  ['put', '/story', undefined],
  ['delete', '/story', undefined],
  ['post', '/previews', {}],
  ['delete', '/previews', undefined],
  ['put', '/editing', {}],
  ['delete', '/editing', undefined],
] as const;

const call = (
  article: Story,
  [method, path, body]: (typeof calls)[number],
  ifMatch: string | null,
  at = path === '/previews' && method === 'delete' ? `${path}/${previewId}` : path,
) => {
  const request = room.app.request(method, `${pathOf(article.id)}${at}`).set('Authorization', `Bearer ${token}`);
  if (ifMatch !== null) request.set('If-Match', ifMatch);
  return path === '/story' && method === 'put' ? request.send({ with: article.slug }) : request.send(body);
};

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'উজান বার্তা' });
  await room.label('sources', { name: 'ভাটি বার্তা' });
  const { body } = await room
    .as('admin', 'post', '/v1/keys')
    .send({ name: 'উজানের যন্ত্র', role: 'editor', sources: ['উজান-বার্তা'] })
    .expect(201);
  token = body.token;
});
afterAll(() => room.close());

describe("a key limited to one source, on an article of another's", () => {
  const places: Place[] = ['draft', 'review', 'published', 'archived', 'trash'];

  it.each(places)(
    'is refused every change of it before anything else is told, whatever version it names: %s',
    async (place) => {
      const story = await room.story({ source: 'ভাটি-বার্তা', title: `ভাটির খবর ${place}` });
      await room.as('editor', 'patch', draftPath(story.id)).set('If-Match', '*').send({}).expect(200);
      const { body: preview } = await room
        .as('editor', 'post', `${pathOf(story.id)}/previews`)
        .send({})
        .expect(201);
      previewId = preview.id;
      await room.moveTo(place, story.id);
      const rows = await rowsOf(room.app);
      await changesNothing(room, async () => {
        for (const one of calls)
          for (const ifMatch of ['*', '"1"', '"77"', null]) {
            const { status } = await call(story, one, ifMatch);
            expect([...one, ifMatch, status]).toEqual([...one, ifMatch, 403]);
          }
      });
      expect(await rowsOf(room.app)).toEqual(rows);
    },
  );

  it('is refused it in a bulk too, and as the item of a wire that it may not write', async () => {
    const item = { itemVersion: 3, title: 'ভাটির খবর' };
    const items = `/v1/sources/${encodeURIComponent('ভাটি-বার্তা')}/items/bhati-1`;
    const { body: story } = await room.as('editor', 'put', items).send(item).expect(201);
    const put = (itemVersion: number) =>
      room.app
        .request('put', items)
        .set('Authorization', `Bearer ${token}`)
        .send({ ...item, itemVersion });
    for (const itemVersion of [2, 3, 4]) await changesNothing(room, () => put(itemVersion).expect(403));
    const operations = (['update', 'publish', 'archive', 'trash'] as const).flatMap((op) =>
      ['*', '"77"'].map((ifMatch) => ({ op, id: story.id, ifMatch, body: {} })),
    );
    const { body } = await changesNothing(room, () =>
      room.app
        .request('post', '/v1/articles/bulk')
        .set('Authorization', `Bearer ${token}`)
        .send({ operations })
        .expect(200),
    );
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual(operations.map(() => 403));
  });
});

describe('a key limited to one source, on an article of its own', () => {
  it('is refused a draft that takes the article to another source, also where it would change nothing of it', async () => {
    const story = await room.story({ source: 'উজান-বার্তা', title: 'উজানের খবর' });
    const moved = { source: 'ভাটি-বার্তা' };
    await room.as('editor', 'patch', draftPath(story.id)).set('If-Match', '*').send(moved).expect(200);
    const rows = await rowsOf(room.app);
    for (const one of calls.filter(([, path]) => path === '/draft'))
      for (const ifMatch of ['*', '"77"']) expect((await call(story, one, ifMatch)).status).toBe(403);
    expect((await call(story, ['post', '/publish', {}], '*')).status).toBe(403);
    expect(await rowsOf(room.app)).toEqual(rows);
    await call(story, ['patch', '', { title: 'অন্য কথা' }], '*').expect(200);
  });
});
