import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { endOfChanges, timedPage } from './waiting-pages.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  stopOutbox = startOutbox(room.app);
});
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const end = () => endOfChanges(room);
const timed = (query: string) => timedPage(room, query);

describe('GET /v1/changes?wait=', () => {
  it('waits on through what does not match, and gives an empty page with a cursor when the time is over', async () => {
    const after = await end();
    const asked = timed(`after=${after}&wait=2&kind=tag`);
    await room.story({ title: 'অন্য কিছু', status: 'published' });
    const { data, page, ms } = await asked;
    expect(data).toEqual([]);
    expect(page.more).toBe(false);
    expect(ms).toBeGreaterThan(1_900);
    const tag = await room.label('tags', { name: 'পরে আসা' });
    expect((await timed(`after=${page.nextCursor}&wait=20&kind=tag`)).data).toMatchObject([{ id: tag.id }]);
  });

  it('ends gently where the process stops', async () => {
    const after = await end();
    const asked = timed(`after=${after}&wait=30`);
    await timed(`after=${after}`);
    room.app.deps.lifecycle.stopping = true;
    const { data, ms } = await asked;
    room.app.deps.lifecycle.stopping = false;
    expect(data).toEqual([]);
    expect(ms).toBeLessThan(10_000);
  });
});
