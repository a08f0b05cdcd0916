import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Receiver } from '../support/receiver.ts';
import { openSending, type Sending } from '../support/sending.ts';

let desk: Sending;
let cache: Receiver;
beforeAll(async () => {
  desk = await openSending();
  cache = await desk.another();
});
afterAll(async () => {
  await cache.close();
  await desk.close();
});
beforeEach(async () => {
  await desk.forget();
  cache.received.length = 0;
  cache.answers(200);
});

const publish = (title: string) => desk.story({ title, status: 'published' });
const varnish = () => desk.hook({ type: 'varnish', url: cache.url });

describe('a purger', () => {
  it('is tried again where it fails, and told of as a webhook is', async () => {
    const { id } = await varnish();
    cache.answers(503, 200);
    await publish('অবাধ্য ক্যাশ');
    await desk.number();
    const [failed] = await desk.until(id, ([row]) => row?.attempts === 1);
    expect(failed?.pause_ms).toBeLessThanOrEqual(1_200);
    await desk.until(id, ([row]) => row?.attempts === 2);
    expect(await desk.attempts(id)).toMatchObject([
      { status: 503, failure: 'The receiver answered 503.' },
      { status: 200 },
    ]);
  });
});

describe('what is told of an event', () => {
  it('waits for it two seconds and no longer', async () => {
    await varnish();
    await desk.hook();
    cache.answers(() => undefined);
    await publish('চুপ ক্যাশের খবর');
    await desk.number();
    const began = performance.now();
    await desk.receiver.until(1);
    expect(performance.now() - began).toBeGreaterThan(1_700);
    expect(performance.now() - began).toBeLessThan(3_500);
    // The end of the test is not that of the purge.
    cache.hangUp();
  });
});
