import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Received } from '../support/receiver.ts';
import { entryOf, openSending, type Sending } from '../support/sending.ts';

let desk: Sending;
beforeAll(async () => {
  desk = await openSending();
});
afterAll(() => desk.close());
beforeEach(() => desk.forget());

const publish = (title: string) => desk.story({ title, status: 'published' });
const subjectsOf = (received: readonly Received[]) => received.map((one) => entryOf(one).id);

describe('a receiver that fails', () => {
  it('is tried by one delivery at a time after five failures, and gets the rest in order once that is taken', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    const made = [];
    for (let count = 0; count < 12; count += 1) made.push((await publish(`সারিতে ${count}`)).id);
    await desk.number();
    await desk.until(id, (rows) => rows.length === 12 && rows.filter(({ attempts }) => attempts > 0).length >= 8);
    const before = desk.receiver.received.length;
    expect(await desk.hookRow(id)).toMatchObject({ probe_at: expect.anything(), succeeded_at: null });
    await desk.hurry(id);
    await desk.until(id, (rows) => rows.reduce((sum, { attempts }) => sum + attempts, 0) === before + 1);
    expect(desk.receiver.received).toHaveLength(before + 1);
    expect(entryOf(desk.receiver.received.at(-1) ?? desk.nothing).id).toBe(made[0]);
    desk.receiver.answers(204);
    await desk.hurry(id);
    await desk.until(id, (rows) => rows.every(({ state }) => state === 'done'));
    expect(await desk.hookRow(id)).toMatchObject({ failures: 0, failing_since: null, probe_at: null });
    const [probe, ...rest] = subjectsOf(desk.receiver.received.slice(before + 1));
    expect(probe).toBe(made[0]);
    expect(new Set(rest)).toEqual(new Set(made.slice(1)));
  });

  it('is tried by the same delivery again and again, after pauses that grow', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    for (let count = 0; count < 12; count += 1) await publish(`বারবার ${count}`);
    await desk.number();
    const [tried] = await desk.until(id, (rows) => rows.length === 12 && rows[0]?.attempts === 2);
    expect(tried?.pause_ms).toBeGreaterThan(3_000);
    expect(tried?.pause_ms).toBeLessThanOrEqual(6_000);
    const { probe_at: probeAt } = await desk.hookRow(id);
    expect(Number(probeAt) - Date.now()).toBeGreaterThan(2_900);
    const before = desk.receiver.received.length;
    const [again] = await desk.until(id, ([row]) => row?.attempts === 3);
    expect(again?.pause_ms).toBeGreaterThan(20_000);
    expect(desk.receiver.received).toHaveLength(before + 1);
  }, 20_000);

  it('delays no other', async () => {
    const silent = await desk.another();
    silent.answers(() => undefined);
    await desk.hook({ url: silent.url });
    const { id } = await desk.hook();
    for (let made = 0; made < 10; made += 1) await publish(`দুই পথের খবর ${made}`);
    const began = performance.now();
    await desk.number();
    await desk.receiver.until(10);
    expect(performance.now() - began).toBeLessThan(5_000);
    await silent.until(8);
    expect(silent.open.most).toBe(8);
    await desk.until(id, (rows) => rows.every(({ state }) => state === 'done'));
    await silent.close();
  });

  it('is left alone for as long as it asks, whatever else is due', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers({ status: 429, headers: { 'Retry-After': '3600' } });
    await publish('ধীরে যাওয়ার খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    const [row] = await desk.deliveries(id);
    expect(row?.pause_ms).toBeGreaterThan(3_590_000);
    expect(row?.pause_ms).toBeLessThanOrEqual(3_600_000);
    await publish('তার পরের খবর');
    await desk.number();
    await desk.until(id, (rows) => rows.length === 2);
    await desk.round();
    expect(desk.receiver.received).toHaveLength(1);
  });

  it('is disabled by a 410, with an event, and is told nothing more', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(410);
    await publish('বিদায়ী খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.state === 'dead');
    await desk.disabled(id);
    expect(await desk.hookRow(id)).toMatchObject({ enabled: false, disabled_reason: 'gone', version: 2 });
    const told = await desk.app.sql('SELECT type, version, data FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
    expect(told.slice(1)).toEqual([{ type: 'webhook.disabled', version: 2, data: { reason: 'gone' } }]);
    await publish('না-শোনা খবর');
    await desk.number();
    await desk.round();
    expect(desk.receiver.received).toHaveLength(1);
  });

  it('is disabled, with an event, after three days of nothing but failures and not before', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(503);
    await publish('তিন দিনের খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    await desk.app.sql(`UPDATE webhooks SET failing_since = now() - interval '71 hours' WHERE id = $1`, [id]);
    await desk.hurry(id);
    await desk.until(id, ([row]) => row?.attempts === 2);
    expect(await desk.hookRow(id)).toMatchObject({ enabled: true, failures: 2 });
    await desk.app.sql(`UPDATE webhooks SET failing_since = now() - interval '73 hours' WHERE id = $1`, [id]);
    await desk.hurry(id);
    await desk.disabled(id);
    expect(await desk.hookRow(id)).toMatchObject({ enabled: false, disabled_reason: 'failing', failures: 3 });
    const told = await desk.app.sql('SELECT type, data FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
    expect(told.slice(1)).toEqual([{ type: 'webhook.disabled', data: { reason: 'failing' } }]);
  });

  it('gets a delivery twelve times, after which it is dead and the next goes', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    const story = await publish('বারোবারের খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    await desk.app.sql('UPDATE webhook_deliveries SET attempts = 10 WHERE webhook_id = $1', [id]);
    await desk.hurry(id);
    const [waiting] = await desk.until(id, ([row]) => row?.attempts === 11);
    expect(waiting?.state).toBe('waiting');
    expect(waiting?.pause_ms).toBeGreaterThan(0.79 * 8 * 3_600_000);
    await desk.patch(story.id, { kicker: 'তবু' }).expect(200);
    await desk.number();
    await desk.hurry(id);
    await desk.until(id, ([row]) => row?.state === 'dead');
    desk.receiver.answers(204);
    await desk.until(id, ([, next]) => next?.state === 'done');
    expect(desk.receiver.received.at(-1)?.body).toContain('তবু');
  });

  it('gets what was dead again when an admin sends it anew, one or all', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    for (const title of ['প্রথম মৃত', 'দ্বিতীয় মৃত', 'তৃতীয় মৃত']) await publish(title);
    await desk.number();
    await desk.until(id, (rows) => rows.length === 3 && rows.every(({ attempts }) => attempts > 0));
    await desk.app.sql('UPDATE webhook_deliveries SET attempts = 11, due_at = now() WHERE webhook_id = $1', [id]);
    const [first] = await desk.until(id, (rows) => rows.every(({ state }) => state === 'dead'));
    const before = desk.receiver.received.length;
    desk.receiver.answers(204);
    await desk.redeliver(id, String(first?.id));
    await desk.until(id, ([row]) => row?.state === 'done');
    expect(desk.receiver.received).toHaveLength(before + 1);
    expect(desk.receiver.received.at(-1)?.headers['webhook-id']).toBe(first?.id);
    expect(await desk.redeliverDead(id)).toBe(2);
    await desk.until(id, (rows) => rows.every(({ state }) => state === 'done'));
    expect(await desk.log(id, String(first?.id))).toMatchObject({
      state: 'done',
      attempts: [
        { status: 204, failure: null, answer: null },
        { status: 500, failure: 'The receiver answered 500.' },
        { status: 500 },
      ],
    });
  });
});
