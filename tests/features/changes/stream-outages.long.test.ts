import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeReaders, idsOf, listenTo } from '../../support/event-source.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { numberOnce, startOutbox } = outside;

let room: Newsroom;
let stopOutbox = async () => {};
beforeAll(async () => {
  room = await openNewsroom();
});
beforeEach(() => {
  stopOutbox = startOutbox(room.app);
});
afterEach(async () => {
  await closeReaders(room.app);
  await stopOutbox();
});
afterAll(() => room.close());

const path = '/v1/changes/stream?kind=article';
const published = (title: string) => room.story({ title, status: 'published' });

describe('a stream', () => {
  it('is told also where PostgreSQL sends no messages, and by another process', async () => {
    await stopOutbox();
    stopOutbox = room.app.deps.outbox.following.start();
    const reader = await listenTo(room.app, path);
    const story = await published('অন্য প্রক্রিয়ার খবর');
    while ((await numberOnce(room.app.deps.db)) === null);
    expect(idsOf(await reader.until(1))).toEqual([story.id]);
  });

  it('goes on where all connections to the database were lost, with nothing lost', async () => {
    const reader = await listenTo(room.app, path);
    const stories = [await published('আগে')];
    await reader.until(1);
    await room.app
      .sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
      .catch(() => []);
    for (const title of ['পরে এক', 'পরে দুই']) stories.push(await published(title));
    expect(idsOf(await reader.until(3))).toEqual(stories.map(({ id }) => id));
  });

  it('ends where the database has another past, and is 410 when it is opened again', async () => {
    const reader = await listenTo(room.app, path);
    const other = await listenTo(room.app, '/v1/latest/stream');
    await published('যা ছিল');
    await Promise.all([reader.until(1), other.until(1)]);
    await room.app.sql('UPDATE events SET id = gen_random_uuid() WHERE seq = (SELECT max(event_seq) FROM changes)');
    await published('যা এখন');
    await Promise.all([reader.ended, other.ended]);
    const again = await listenTo(room.app, path, { lastEventId: reader.lastId() });
    expect(again.problem).toMatchObject({ status: 410, code: 'cursor-expired' });
    const anew = await listenTo(room.app, path);
    const story = await published('আবার');
    expect(idsOf(await anew.until(1))).toEqual([story.id]);
  });
});
