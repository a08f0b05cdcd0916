import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheState } from '../cache/cache.ts';

export type CacheSources = {
  /** Null if nothing is kept. */
  readonly cache: () => CacheState | null;
  /** Seconds since all was known that others had changed. */
  readonly followingLagS: () => number;
};

/** What becomes of a call that a kept answer may serve. */
const results = { hit: 'hits', miss: 'misses', joined: 'joined', stale: 'stale' } as const;

/** How answers to readers are kept. */
export function describeCache(register: Registry, { cache, followingLagS }: CacheSources): void {
  const registers = [register];
  const told = { hits: 0, misses: 0, joined: 0, stale: 0, agesMs: 0, evicted: 0 };
  /** The growth of a number since it was last told. */
  const growth = (name: keyof typeof told): number => {
    const now = cache()?.[name] ?? 0;
    const grown = now - told[name];
    told[name] = now;
    return grown;
  };
  new Counter({
    name: 'response_cache_requests_total',
    help: 'Calls that a kept answer may serve: hit, miss, joined to a miss of the same moment, or stale while the database was away',
    labelNames: ['result'],
    registers,
    collect() {
      for (const [result, name] of Object.entries(results)) this.inc({ result }, growth(name));
    },
  });
  new Counter({
    name: 'response_cache_age_seconds_total',
    help: 'Ages of what hits and stale calls got, in all: divided by their number it is the mean',
    registers,
    collect() {
      this.inc(growth('agesMs') / 1_000);
    },
  });
  new Counter({
    name: 'response_cache_evictions_total',
    help: 'Kept answers that made room for others',
    registers,
    collect() {
      this.inc(growth('evicted'));
    },
  });
  new Gauge({
    name: 'response_cache_bytes',
    help: 'Memory that kept answers take',
    registers,
    collect() {
      this.set(cache()?.bytes ?? 0);
    },
  });
  new Gauge({
    name: 'response_cache_entries',
    help: 'Answers that are kept',
    registers,
    collect() {
      this.set(cache()?.entries ?? 0);
    },
  });
  new Gauge({
    name: 'response_cache_misses',
    help: 'Misses that are being read from the database, and those that wait for it',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'reading' }, cache()?.making ?? 0);
      this.set({ state: 'waiting' }, cache()?.waiting ?? 0);
    },
  });
  new Gauge({
    name: 'outbox_following_lag_seconds',
    help: 'Time since it was known what others had changed; above 2 nothing kept is shown',
    registers,
    collect() {
      this.set(followingLagS());
    },
  });
}
