import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { endOfChanges, timedPage } from './waiting-pages.ts';

const { openWaiting, startOutbox } = outside;

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
  it('answers as soon as something comes, all who wait, with one reader of the database', async () => {
    const after = await end();
    const { pool } = room.app.deps.db;
    let statements = 0;
    pool.on('acquire', () => {
      statements += 1;
    });
    const waiters = 40;
    const asked = Array.from({ length: waiters }, () => timed(`after=${after}&language=bn&wait=20`));
    await eventually(async () => {
      expect(statements).toBeGreaterThan(waiters);
      expect(pool.idleCount).toBe(pool.totalCount);
    });
    statements = 0;
    const story = await room.story({ title: 'এইমাত্র পাওয়া খবর', status: 'published' });
    for (const { data, ms } of await Promise.all(asked)) {
      expect(data).toMatchObject([{ op: 'upsert', id: story.id }]);
      expect(ms).toBeLessThan(10_000);
    }
    // The write, its numbering, and a page for each time that somebody looked; not a page for each who waits.
    expect(statements).toBeLessThan(waiters);
  });

  it.each(['0', '31', 'x'])('takes 1 to 30 seconds: not %s', async (wait) => {
    const { body } = await room.as(null, 'get', `/v1/changes?wait=${wait}`).expect(400);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '/wait' }]);
  });

  it('refuses more than a number of callers at once, and serves the others', async () => {
    let reads = 0;
    const head = { all: 0, public: 0 };
    const readHead = async () => {
      reads += 1;
      return head;
    };
    const waiting = openWaiting({ readHead, isStopping: () => false, max: 2 });
    const waits = [waiting.past('all', 0, 5_000), waiting.past('public', 0, 5_000)];
    expect(() => waiting.past('all', 0, 5_000)).toThrow(/^More calls wait/);
    Object.assign(head, { all: 1, public: 1 });
    waiting.moved();
    expect(await Promise.all(waits)).toEqual([true, true]);
    expect(reads).toBeLessThan(5);
    expect(await waiting.past('all', 1, 10)).toBe(false);
  });
});
