import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { passes } from '../../support/due.ts';
import { closeReaders, type Got, listenTo, type Reader } from '../../support/event-source.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const listen = (query = '', lastEventId?: string): Promise<Reader> =>
  listenTo(room.app, `/v1/latest/stream${query}`, lastEventId === undefined ? {} : { lastEventId });
const published = (title: string, more: object = {}) => room.story({ title, status: 'published', ...more });
const said = ({ event, data }: Got) => [event, data.id];

describe('GET /v1/latest/stream', () => {
  it('sends an article when its instant comes, and its end', async () => {
    const reader = await listen();
    const [publishedAt, expiresAt] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const story = await published('নির্দিষ্ট সময়ের খবর', { publishedAt, expiresAt });
    await passes(room, story.id, 'published');
    await reader.until(1);
    await passes(room, story.id, 'expired');
    expect((await reader.until(2)).map(said)).toEqual([
      ['message', story.id],
      ['remove', story.id],
    ]);
  });
});
