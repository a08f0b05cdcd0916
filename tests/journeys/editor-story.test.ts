import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

/** An editor's night by API alone: from a wire item to a corrected, republished article. */

let room: Newsroom;

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const withMatch = (method: 'put' | 'patch' | 'post', path: string, version: number | string) =>
  room.as('editor', method, path).set('If-Match', `"${version}"`);

it('a wire item becomes a corrected, republished article, and nothing of the way there is lost', async () => {
  const { body: source } = await room
    .as('editor', 'post', '/v1/sources')
    .send({ name: 'উপকূল বার্তা', slug: 'upokul', creditLine: 'সূত্র : উপকূল বার্তা' })
    .expect(201);
  const item = { itemVersion: 1, status: 'draft', title: 'বন্দরে নতুন জেটি চালু', body: '<p>ভোরে প্রথম জাহাজ ভিড়েছে।</p>' };
  const wire = () => room.as('editor', 'put', '/v1/sources/upokul/items/ub-2026-117').send(item);
  const { body: story } = await wire().expect(201);
  expect((await wire().expect(200)).body.version).toBe(1);
  const path = pathOf(story.id);

  const { body: presence } = await room.as('admin', 'put', `${path}/editing`).expect(200);
  expect(presence.data).toHaveLength(1);
  await withMatch('patch', path, 1).send({ kicker: 'বন্দর', deskInitials: 'রআ/নহ' }).expect(200);
  const late = await room.as('admin', 'patch', path).set('If-Match', '"1"').send({ kicker: 'উপকূল' }).expect(412);
  expect(late.body).toMatchObject({
    currentVersion: 2,
    changes: [{ field: 'kicker', before: null, after: 'বন্দর' }, {}],
  });
  await room.read(story.id).expect(404);
  await withMatch('post', `${path}/publish`, 2).expect(200);
  const live = await room.read(story.id).expect(200);
  expect(live.body).toMatchObject({ title: item.title, source: { id: source.id, creditLine: 'সূত্র : উপকূল বার্তা' } });

  const rewritten = { title: 'বন্দরে দুটি নতুন জেটি চালু', body: '<p>ভোরে প্রথম জাহাজ ভিড়েছে, দুপুরে দ্বিতীয়টি।</p>' };
  const { body: draft } = await withMatch('patch', `${path}/draft`, 3).send(rewritten).expect(200);
  expect(draft.changes.map(({ field }: { field: string }) => field)).toEqual(['title', 'body']);
  const unseen = await room.read(story.id).expect(200);
  expect([unseen.text, unseen.headers.etag]).toEqual([live.text, live.headers.etag]);
  const { body: preview } = await room.as('editor', 'post', `${path}/previews`).send({ expiresInHours: 2 }).expect(201);
  const shown = await room.as(null, 'get', new URL(preview.url).pathname.replace(/^\/api/, '')).expect(200);
  expect(shown.body.title).toBe(rewritten.title);

  const correction = 'আগের প্রতিবেদনে জেটির সংখ্যা ভুল ছিল।';
  const published = await withMatch('post', `${path}/publish`, 3)
    .send({ draftVersion: draft.version, correction })
    .expect(200);
  const { body: now } = await room.read(story.id).expect(200);
  expect(now).toMatchObject({
    ...rewritten,
    version: 4,
    corrections: [{ text: correction }],
    firstPublishedAt: live.body.firstPublishedAt,
  });
  expect(now.modifiedAt).toBe(published.body.updatedAt);
  expect(now.slug).toBe(live.body.slug);

  const { body: revisions } = await room.as('editor', 'get', `${path}/revisions`).expect(200);
  expect(revisions.data.map(({ version, step }: { version: number; step: string }) => `${version} ${step}`)).toEqual([
    '4 publish',
    '3 publish',
    '2 update',
    '1 create',
  ]);
  const { body: compared } = await room.as('editor', 'get', `${path}/revisions/4/compare?with=3`).expect(200);
  const title = compared.changes.find(({ field }: { field: string }) => field === 'title');
  expect(title.parts.filter(({ kind }: { kind: string }) => kind === 'added')).toEqual([
    { kind: 'added', text: expect.stringContaining('দুটি') },
  ]);
  const { body: events } = await room
    .as('admin', 'get', `/v1/events?subject=${story.id}&type=article.published`)
    .expect(200);
  expect(events.data).toHaveLength(2);
});
