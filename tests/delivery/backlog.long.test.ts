import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manyEvents, rowsReadWhole } from '../support/many-events.ts';
import { openSending, type Sending } from '../support/sending.ts';

let desk: Sending;
beforeAll(async () => {
  desk = await openSending({ DATABASE_POOL_MAX: '1' });
});
afterAll(() => desk.close());

const count = 5_000;

/** As it is after hours in which a receiver was dead, before PostgreSQL has counted what waits. */
async function leaveWaiting(hookId: string, eventId: string): Promise<void> {
  await desk.app.sql(
    `INSERT INTO webhook_deliveries (id, webhook_id, purpose, position, event_id, event_type, kind, subject_id)
     SELECT gen_random_uuid(), $1, 'change', -n, $2, 'article.updated', 'article', gen_random_uuid() FROM generate_series(1, $3::int) n`,
    [hookId, eventId, count],
  );
  await desk.app.sql(
    'UPDATE webhooks SET failures = 20, failing_since = now(), probe_at = now() WHERE id = $1 AND enabled',
    [hookId],
  );
}

describe('thousands of deliveries that wait for a dead receiver', () => {
  it('delay no other, although it is tried with the oldest of them again and again', async () => {
    const silent = await desk.another();
    silent.answers(() => undefined);
    await desk.stop();
    const { id: dead } = await desk.hook({ url: silent.url });
    const { id } = await desk.hook();
    await desk.story({ title: 'ভেসে আসা খবর', status: 'published' });
    const [event] = await desk.app.sql<{ id: string }>('SELECT id FROM events ORDER BY seq DESC LIMIT 1');
    await leaveWaiting(dead, String(event?.id));
    desk.start();
    const began = performance.now();
    await desk.number();
    await desk.until(id, ([row]) => row?.state === 'done');
    expect(performance.now() - began).toBeLessThan(3_000);
    const [probe] = await silent.until(1);
    const [oldest] = await desk.app.sql<{ id: string }>(
      'SELECT id FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY position LIMIT 1',
      [dead],
    );
    expect(probe?.headers['webhook-id']).toBe(oldest?.id);
    await silent.close();
  });
});

describe('a change of which receivers are told', () => {
  it('is found without reading all that was ever recorded', async () => {
    await manyEvents(desk.app);
    const { id } = await desk.hook();
    const before = await rowsReadWhole(desk.app);
    await desk.story({ title: 'অনেকের পরে এক', status: 'published' });
    await desk.number();
    await desk.until(id, ([row]) => row?.state === 'done');
    expect(await rowsReadWhole(desk.app)).toBe(before);
  });
});
