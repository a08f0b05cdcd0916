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

const token = 'a-token-of-the-cdn';
const publish = (title: string) => desk.story({ title, status: 'published' });
const keyOf = (id: string) => `a:${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`;
const varnish = () => desk.hook({ type: 'varnish', url: cache.url });

describe('a purger', () => {
  it('of the type fastly sends the batch purge that Fastly documents', async () => {
    const of = { serviceId: 'SU1Z0isxPaozGVKXdv0eY', token };
    await desk.hook({ type: 'fastly', url: cache.url, ...of });
    const story = await publish('দ্রুত মুছে ফেলা');
    await desk.number();
    const [purge = desk.nothing] = await cache.until(1);
    expect(purge).toMatchObject({ method: 'POST', path: '/service/SU1Z0isxPaozGVKXdv0eY/purge' });
    expect(purge.headers['fastly-key']).toBe(token);
    expect(String(purge.headers['surrogate-key']).split(' ')).toEqual(
      expect.arrayContaining([keyOf(story.id), 'latest', 'latest:l:bn', 'search']),
    );
    expect(purge.headers).not.toHaveProperty('webhook-signature');
  });

  it('of the type cloudflare sends tags, thirty at a time, with the token of the zone', async () => {
    const { id } = await desk.hook({ type: 'cloudflare', url: cache.url, zoneId: '0'.repeat(32), token });
    await desk.stop();
    for (let made = 0; made < 35; made += 1) await publish(`মেঘের খবর ${made}`);
    desk.start();
    await desk.number();
    await cache.until(2);
    await desk.until(id, (rows) => rows.every(({ attempts }) => attempts === 1));
    const tags: string[][] = cache.received.map(({ body }) => JSON.parse(body).tags);
    expect(cache.received[0]).toMatchObject({ method: 'POST', path: `/client/v4/zones/${'0'.repeat(32)}/purge_cache` });
    expect(cache.received[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
    expect(tags[0]).toHaveLength(30);
    expect(new Set(tags.flat()).size).toBe(tags.flat().length);
    expect(tags.flat().filter((tag) => tag.startsWith('a:'))).toHaveLength(35);
  });

  it('of the type varnish sends PURGE with the keys that xkey drops, those of many events together', async () => {
    await varnish();
    await desk.stop();
    const stories = [await publish('এক'), await publish('দুই'), await publish('তিন')];
    desk.start();
    await desk.number();
    const [purge = desk.nothing] = await cache.until(1);
    expect(purge).toMatchObject({ method: 'PURGE', path: '/' });
    const keys = String(purge.headers['xkey-purge']).split(' ');
    expect(keys).toEqual(expect.arrayContaining(['latest', ...stories.map(({ id }) => keyOf(id))]));
  });

  it('sends what was taken once more five seconds later, and then no more', async () => {
    const { id } = await varnish();
    await publish('দুবার মোছা');
    await desk.number();
    const [waiting] = await desk.until(id, ([row]) => row?.attempts === 1);
    expect(waiting?.state).toBe('waiting');
    expect(waiting?.pause_ms).toBeGreaterThan(4_000);
    expect(waiting?.pause_ms).toBeLessThanOrEqual(5_000);
    await desk.hurry(id);
    await desk.until(id, ([row]) => row?.state === 'done');
    expect(cache.received).toHaveLength(2);
    expect(cache.received[1]?.headers['xkey-purge']).toBe(cache.received[0]?.headers['xkey-purge']);
  });

  it('is not bothered with what only staff sees, and is with what every answer rests on', async () => {
    const { id } = await varnish();
    const draft = await desk.story({ title: 'পাতায় নেই' });
    await desk.patch(draft.id, { kicker: 'এখনও নেই' }).expect(200);
    await desk.number();
    await desk.round();
    expect(cache.received).toHaveLength(0);
    await desk.settingsChanged();
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    expect(cache.received[0]?.headers['xkey-purge']).toBe('all');
  });
});

describe('what is told of an event', () => {
  it('goes out after its purge', async () => {
    await varnish();
    await desk.hook();
    cache.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return 200;
    });
    await publish('আগে মোছা, পরে বলা');
    await desk.number();
    const [told] = await desk.receiver.until(1);
    expect(cache.received).toHaveLength(1);
    expect(told?.at ?? 0).toBeGreaterThanOrEqual((cache.received[0]?.at ?? 0) + 295);
  });

  it('does not wait for a purger that fails already', async () => {
    const { id } = await varnish();
    await desk.hook();
    await desk.app.sql(`UPDATE webhooks SET failures = 5, probe_at = now() + interval '1 hour' WHERE id = $1`, [id]);
    await publish('মৃত ক্যাশের খবর');
    await desk.number();
    const began = performance.now();
    await desk.receiver.until(1);
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});
