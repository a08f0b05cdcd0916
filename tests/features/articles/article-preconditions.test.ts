import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Caller,
  changesNothing,
  type Newsroom,
  openNewsroom,
  type Place,
  pathOf,
  type Step,
} from '../../support/newsroom.ts';

type Write = Step | 'trash' | 'update';
const writes: [Write, Place][] = [
  ['update', 'published'],
  ['trash', 'review'],
  ['submit', 'draft'],
  ['return', 'review'],
  ['publish', 'draft'],
  ['unpublish', 'scheduled'],
  ['archive', 'expired'],
  ['restore', 'trash'],
];

describe('If-Match', () => {
  let room: Newsroom;
  const none = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';

  const send = (write: Write, id: string, match: string | null, as: Caller = 'editor') => {
    if (write === 'update') return room.patch(id, { kicker: 'নতুন' }, { match, as });
    if (write === 'trash') return room.trash(id, { match, as });
    return room.step(write, id, write === 'return' ? { note: 'মিলিয়ে নিন।' } : undefined, { match, as });
  };
  /** An article at version 2 in that place. */
  const storyIn = async (place: Place) => {
    const { id } = await room.story({}, 'author');
    await room.patch(id, { kicker: 'এক' }).expect(200);
    await room.moveTo(place, id);
    return id;
  };

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it.each(writes)('is needed by %s and must be of the version that is there', async (write, place) => {
    const id = await storyIn(place);
    const { headers } = await room.read(id, 'editor').expect(200);
    const refusals: [string | null, number][] = [
      [null, 428],
      ['"1"', 412],
      ['"3"', 412],
      [`W/${headers.etag}`, 412],
      ['"abc"', 412],
      ['2', 400],
      ['', 400],
      ['"2', 400],
    ];
    for (const [match, expected] of refusals) {
      const answer = await changesNothing(room, () => send(write, id, match));
      expect([match, answer.status]).toEqual([match, expected]);
      if (expected === 412) expect(answer.body).toMatchObject({ code: 'stale', currentVersion: 2 });
    }
    const answer = await send(write, id, String(headers.etag));
    expect([200, 204]).toContain(answer.status);
    expect(answer.headers.etag).toMatch(/^"3(-[\w-]{22})?"$/);
  });

  it.each(writes)('comes after 404, 410 and 403 for %s', async (write) => {
    for (const match of [null, '"9"']) expect((await send(write, none, match)).status).toBe(404);
    const withdrawn = await storyIn('archived');
    const hidden = await storyIn('draft');
    const open = ['update', 'trash', 'submit', 'restore'].includes(write);
    for (const match of [null, '"9"']) {
      expect((await send(write, hidden, match, 'other')).status).toBe(open ? 404 : 403);
      expect((await send(write, withdrawn, match, 'other')).status).toBe(open ? 410 : 403);
      expect((await send(write, hidden, match, 'viewer')).status).toBe(403);
      expect((await send(write, hidden, match, null)).status).toBe(401);
    }
  });

  it('comes before the state: a stale call says 412 and not 409', async () => {
    const id = await storyIn('published');
    expect((await send('submit', id, '"1"')).status).toBe(412);
    expect((await send('submit', id, '"2"')).status).toBe(409);
    expect((await send('submit', id, null)).status).toBe(428);
  });

  it('is carried from each answer to the next write, through the trash and back', async () => {
    const created = await room.create({ title: 'এক দিনের খবর' }, 'author').expect(201);
    const { id } = created.body;
    let etag = String(created.headers.etag);
    const next = async (write: Write, as: Caller) => {
      const answer = await send(write, id, etag, as);
      expect([write, answer.status < 300]).toEqual([write, true]);
      expect(answer.headers.etag).not.toBe(etag);
      etag = String(answer.headers.etag);
    };
    await next('update', 'author');
    await next('submit', 'author');
    await next('return', 'editor');
    await next('trash', 'author');
    await next('restore', 'author');
    for (const write of ['publish', 'unpublish', 'archive', 'restore'] as const) await next(write, 'editor');
    const { body, headers } = await room.read(id, 'author').expect(200);
    expect([body.version, headers.etag?.split('-')[0]]).toEqual([10, etag.split('-')[0]]);
  });

  it('gives with each write the ETag that the writer would read', async () => {
    const { id } = await room.story();
    const written = await room.step('publish', id).expect(200);
    const read = await room.as('editor', 'get', pathOf(id)).expect(200);
    expect(written.headers.etag?.split('-')[0]).toBe(read.headers.etag?.split('-')[0]);
    await room.as('editor', 'get', pathOf(id)).set('If-None-Match', String(read.headers.etag)).expect(304);
  });

  it.each([
    ['the version alone', '"2"'],
    ['the version with any hash', '"2-AAAAAAAAAAAAAAAAAAAAAA"'],
    ['a list with it', '"1", W/"7", "2"'],
    ['any', '*'],
  ])('holds by %s', async (_, match) => {
    expect((await send('update', await storyIn('draft'), match)).status).toBe(200);
  });

  it('takes the ETag of every view of the article', async () => {
    const story = await room.story({ status: 'published' });
    const views = ['', '?fields=title', '?include=latest', '?include=latest&fields=slug'];
    for (const [index, view] of views.entries()) {
      const { headers } = await room.as(index === 0 ? 'viewer' : null, 'get', pathOf(story.slug, view)).expect(200);
      await room.patch(story.id, { kicker: `দর্শন ${index}` }, { match: String(headers.etag) }).expect(200);
    }
  });
});
