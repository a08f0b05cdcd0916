import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outside } from '../support/outside.ts';
import { entryOf, openSending, type Sending } from '../support/sending.ts';

const { newId } = outside;

let desk: Sending;
beforeAll(async () => {
  desk = await openSending({ SHUTDOWN_TIMEOUT_MS: '300' });
});
afterAll(() => desk.close());
beforeEach(() => desk.forget());

const publish = (title: string) => desk.story({ title, status: 'published' });

describe('deliveries of a process that is gone', () => {
  it('are taken over once their leases have ended, under the same id', async () => {
    const { id } = await desk.hook();
    await desk.stop();
    await publish('হারিয়ে যাওয়া ডাক');
    desk.start();
    desk.receiver.answers(500, 204);
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    const leasedAt = performance.now();
    await desk.app.sql(
      `UPDATE webhook_deliveries SET due_at = now(), lease_id = $2, lease_until = now() + interval '1 second' WHERE webhook_id = $1`,
      [id, newId()],
    );
    await desk.round();
    const [first, again] = await desk.receiver.until(2);
    expect(again?.at).toBeGreaterThan(leasedAt + 990);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    await desk.until(id, ([row]) => row?.state === 'done' && row.lease_until === null);
  });

  it('are left to the process that has them as long as it renews, however slow the receiver is', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_500));
      return 204;
    });
    await publish('ধীর ডাক');
    await desk.number();
    await desk.receiver.until(1);
    const other = desk.second();
    await desk.until(id, ([row]) => row?.state === 'done');
    await other.stop();
    expect(desk.receiver.received).toHaveLength(1);
    expect((await desk.deliveries(id))[0]).toMatchObject({ attempts: 1, lease_until: null });
  }, 20_000);
});

describe('a process that stops', () => {
  it('lets what is under way end and records it', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return 204;
    });
    await publish('থামার আগে');
    await desk.number();
    await desk.receiver.until(1);
    await desk.stop();
    expect((await desk.deliveries(id))[0]).toMatchObject({ state: 'done', lease_until: null });
    desk.start();
  });

  it('gives back at once what does not end in time, for the next process to send', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(() => undefined, 204);
    await publish('থামার পরে');
    await desk.number();
    await desk.receiver.until(1);
    await desk.stop();
    expect((await desk.deliveries(id))[0]).toMatchObject({ state: 'waiting', attempts: 0, lease_until: null });
    desk.start();
    await desk.until(id, ([row]) => row?.state === 'done');
    expect(desk.receiver.received).toHaveLength(2);
  });
});

describe('a ping', () => {
  it('goes to a webhook that is disabled, and is not tried again', async () => {
    const { id } = await desk.hook({ enabled: false });
    desk.receiver.answers(500);
    await desk.ping(id);
    const [row] = await desk.until(id, ([ping]) => ping?.state === 'dead');
    expect(row).toMatchObject({ event_type: 'webhook.ping', attempts: 1 });
    expect(entryOf(desk.receiver.received[0] ?? desk.nothing)).toEqual({ op: 'ping', kind: 'webhook', id });
    expect(await desk.hookRow(id)).toMatchObject({ failures: 0, probe_at: null });
  });
});

describe('a webhook that is removed while it is told something', () => {
  it('takes its deliveries with it, and others go on', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(async () => {
      await desk.app.sql('DELETE FROM webhooks WHERE id = $1', [id]);
      return 204;
    }, 204);
    await publish('শেষ ডাক');
    await desk.number();
    await desk.receiver.until(1);
    const other = await desk.hook();
    await publish('নতুন ডাক');
    await desk.number();
    await desk.until(other.id, ([row]) => row?.state === 'done');
    expect(desk.app.logLines.join()).not.toContain('webhooks wait');
  });
});

describe('the metrics', () => {
  it('count attempts by what came of them, and what waits and is dead', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    await publish('গোনা খবর');
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    const { text } = await desk.as('admin', 'get', '/metrics').expect(200);
    expect(text).toMatch(/^webhook_attempts_total\{outcome="status"\} [1-9]/m);
    expect(text).toMatch(/^webhook_attempts_total\{outcome="taken"\} [1-9]/m);
    expect(text).toMatch(/^webhook_deliveries\{state="waiting"\} 1$/m);
    expect(text).toMatch(/^webhook_deliveries\{state="dead"\} 0$/m);
    expect(text).toMatch(/^webhook_lag_seconds \d/m);
  });
});
