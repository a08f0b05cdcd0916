import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeReaders, idsOf, listenTo } from '../../support/event-source.ts';
import { eventually } from '../../support/eventually.ts';
import { counted } from '../../support/metrics.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ STREAMS_MAX: '4', STREAMS_ADDRESS_MAX: '3', TRUST_PROXY: '1' });
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const path = '/v1/changes/stream';

describe('a reader who is slow', () => {
  it('is cut where 256 KB wait, and resumes without loss', async () => {
    const reader = await listenTo(room.app, `${path}?include=item&kind=article`);
    reader.pause();
    const stories: string[] = [];
    const slow = () => counted(room.app, 'streams_ended_total', 'reason="slow"');
    // The kernel keeps some megabytes for both sides before anything waits in the process.
    const body = `<p>${'নদীর পানি বাড়ছে। '.repeat(8_000)}</p>`;
    for (let turn = 0; turn < 60 && (await slow()) === 0; turn += 1)
      stories.push((await room.story({ title: `বড় খবর ${turn}`, status: 'published', body })).id);
    await eventually(async () => expect(await slow()).toBe(1));
    stories.push((await room.story({ title: 'কাটার পরে', status: 'published' })).id);
    reader.resume();
    await reader.ended;
    const resumed = await listenTo(room.app, `${path}?include=item&kind=article`, { lastEventId: reader.lastId() });
    await resumed.until((got) => got.data.id === stories.at(-1));
    const all = [...idsOf(reader.events), ...idsOf(resumed.events)];
    expect([...new Set(all)]).toEqual(stories);
  }, 60_000);
});
