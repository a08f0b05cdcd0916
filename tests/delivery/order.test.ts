import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outside } from '../support/outside.ts';
import type { Received } from '../support/receiver.ts';
import { entryOf, openSending, type Sending } from '../support/sending.ts';

const { startDelivery } = outside;

let desk: Sending;
beforeAll(async () => {
  desk = await openSending();
});
afterAll(() => desk.close());
beforeEach(() => desk.forget());

const publish = (title: string) => desk.story({ title, status: 'published' });
const subjectsOf = (received: readonly Received[]) => received.map((one) => entryOf(one).id);
const later = (ms: number) => async () => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return 204;
};

describe('the order of what a receiver is told', () => {
  it('is that of the changes for one article, however often one of them fails, and others pass it by', async () => {
    const { id } = await desk.hook();
    const story = await publish('আটকে থাকা খবর');
    desk.receiver.answers((one) => (entryOf(one).id === story.id && !one.body.includes('শেষ') ? 500 : 204));
    await desk.number();
    await desk.receiver.until(1);
    await desk.patch(story.id, { kicker: 'মাঝে' }).expect(200);
    const other = await publish('পাশের খবর');
    await desk.number();
    await desk.until(id, (rows) => rows.some((row) => row.subject_id === other.id && row.state === 'done'));
    expect((await desk.deliveries(id)).map(({ state, attempts }) => [state, attempts > 0])).toEqual([
      ['waiting', true],
      ['waiting', false],
      ['done', true],
    ]);
    await desk.patch(story.id, { kicker: 'শেষ' }).expect(200);
    await desk.number();
    await desk.until(id, (rows) => rows.length === 4);
    await desk.hurry(id);
    await desk.until(id, (rows) => rows.every(({ state }) => state === 'done'));
    const told = desk.receiver.received.map(entryOf).filter((entry) => entry.id === story.id);
    expect(told.slice(-3).map(({ event }) => event.type)).toEqual([
      'article.published',
      'article.updated',
      'article.updated',
    ]);
    expect(told.map(({ position }) => position)).toEqual(told.map(({ position }) => position).sort((a, b) => a - b));
    expect(told.at(-1)).toMatchObject({ version: 3, item: { kicker: 'শেষ' } });
  });

  it('lets the next of a subject go once the one before is skipped', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500, 204);
    const story = await publish('বাদ দেওয়া খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    await desk.patch(story.id, { kicker: 'পরেরটি' }).expect(200);
    await desk.number();
    const [first] = await desk.until(id, (rows) => rows.length === 2);
    await desk.skip(id, String(first?.id));
    await desk.until(id, ([, second]) => second?.state === 'done');
    expect(desk.receiver.received.map((one) => entryOf(one).event.type)).toEqual([
      'article.published',
      'article.updated',
    ]);
  });

  it('has at most eight of one receiver under way, of two processes together', async () => {
    const { id } = await desk.hook();
    const second = startDelivery(desk.app);
    desk.receiver.answers(later(30));
    for (let made = 0; made < 30; made += 1) await publish(`ভিড়ের খবর ${made}`);
    await desk.number();
    second.moved();
    await desk.until(id, (rows) => rows.length === 30 && rows.every(({ state }) => state === 'done'));
    await second.stop();
    expect(desk.receiver.open.most).toBeGreaterThan(4);
    expect(desk.receiver.open.most).toBeLessThanOrEqual(8);
    expect(new Set(subjectsOf(desk.receiver.received)).size).toBe(30);
    expect(desk.receiver.received).toHaveLength(30);
  });
});
