import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp } from '../support/app.ts';
import { type CachedRoom, commonPart, openCachedRoom } from '../support/cached.ts';

let kept: CachedRoom;
beforeAll(async () => {
  kept = await openCachedRoom();
});
afterAll(() => kept.close());

it('tells operators of hits, misses, ages, memory and how far what others change is known', async () => {
  for (const _ of [1, 2]) await kept.get('/v1/latest').expect(200);
  const { text } = await kept.get('/metrics').expect(200);
  const sampleOf = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1],
    );
  const { hits, misses } = kept.state();
  expect(sampleOf('response_cache_requests_total{result="hit"}')).toBe(hits);
  expect(sampleOf('response_cache_requests_total{result="miss"}')).toBe(misses);
  for (const sample of ['response_cache_bytes', 'response_cache_entries']) expect(sampleOf(sample)).toBeGreaterThan(0);
  expect(sampleOf('response_cache_age_seconds_total')).toBeGreaterThan(0);
  expect(sampleOf('response_cache_age_seconds_total')).toBeLessThan(hits * 60);
  expect(sampleOf('outbox_following_lag_seconds')).toBeLessThan(2);
});

it('RESPONSE_CACHE_BYTES=0 keeps nothing, and answers as ever', async () => {
  const plain = await startApp({ RESPONSE_CACHE_BYTES: '0' }, { databaseUrl: kept.room.app.databaseUrl });
  try {
    expect(plain.deps.cache).toBeNull();
    const paths = ['/v1/latest', '/v1/tags', '/v1/articles/never-there'];
    for (const path of paths) {
      const [answer, read] = [await kept.get(path), await plain.request('get', path)];
      expect(commonPart(read)).toEqual(commonPart(answer));
    }
  } finally {
    await plain.close();
  }
});
