import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../../support/app.ts';
import { closeReaders, lasts, listenTo, type Reader, withinMs } from '../../support/event-source.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
let aheadMs = 0;
beforeAll(async () => {
  room = await openNewsroom({}, { clock: () => Date.now() + aheadMs });
  stopOutbox = startOutbox(room.app);
});
afterEach(async () => {
  await closeReaders(room.app);
  aheadMs = 0;
});
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const listen = (as: Person): Promise<Reader> =>
  listenTo(room.app, '/v1/changes/stream?audience=staff&kind=article', { as });

describe('a stream of staff', () => {
  it('ends with its token, and is not opened in the minute in which that is still taken', async () => {
    const reader = await listen(room.people.editor);
    const other = await listenTo(room.app, '/v1/changes/stream', { as: room.people.editor });
    aheadMs = 15 * 60_000 + 1_000;
    await room.as('editor', 'get', '/v1/articles').expect(200);
    await reader.ended;
    const { status, problem } = await listen(room.people.editor);
    expect([status, problem.code]).toEqual([401, 'invalid-token']);
    // What strangers see rests on no token.
    aheadMs = 0;
    const story = await room.story({ title: 'সবার খবর', status: 'published' });
    await other.until((got) => got.data.id === story.id);
  });

  it('ends within a second of the end of its session', async () => {
    const person = await room.app.person('viewer');
    const reader = await listen(person);
    const end = async () =>
      room.app
        .request('post', '/v1/auth/logout')
        .set(...bearer(person))
        .send({})
        .expect(204);
    expect(await lasts(reader, end)).toBeLessThan(withinMs);
  });

  it('is for those who may follow what staff see: not for strangers, authors and keys with limits', async () => {
    const path = '/v1/changes/stream?audience=staff';
    expect((await listenTo(room.app, path)).problem).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await listen(room.people.author)).problem).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
