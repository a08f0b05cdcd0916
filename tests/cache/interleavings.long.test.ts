import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openCache } from '../../src/cache/cache.ts';

/** What each name shows: the versions of these things. */
const keysOf = { page: ['a'], list: ['a', 'b'], other: ['b', 'c'] } as const;
type Name = keyof typeof keysOf;
type Key = 'a' | 'b' | 'c';
type Versions = Record<Key, number>;
const keys: readonly Key[] = ['a', 'b', 'c'];
const names: readonly Name[] = ['page', 'list', 'other'];

type Read = { versions: Versions; readAt: number; lastsMs: number };

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), name: fc.constantFrom(...names) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('go on' as const), which: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), key: fc.constantFrom(...keys) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('forget' as const), key: fc.constantFrom(...keys, 'all') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(900) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose sight' as const), of: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs the steps one after another; gives how the calls were answered. Throws if one was answered with what was stale. */
async function run(steps: readonly Step[], lastsMs: number) {
  let [now, current] = [0, true];
  const world: Versions = { a: 0, b: 0, c: 0 };
  /** What every answer must at least show: the versions that were forgotten. */
  const known: Versions = { a: 0, b: 0, c: 0 };
  const gates: (() => void)[] = [];
  const gate = () => new Promise<void>((resolve) => gates.push(resolve));
  const cache = openCache<Read>({ bytesMax: 1_000_000, makingMax: 3, now: () => now, isCurrent: () => current });
  const answers: Promise<void>[] = [];
  let hits = 0;

  const read = async (name: Name) => {
    const readAt = now;
    await gate();
    const versions = { ...world };
    await gate();
    return { value: { versions, readAt, lastsMs }, lastsMs, kept: { keys: ['all', ...keysOf[name]], bytes: 10 } };
  };
  const check = (name: Name, asked: Versions, { versions }: Read) => {
    for (const key of keysOf[name])
      if (versions[key] < asked[key]) throw new Error(`${name} shows ${key} ${versions[key]} after ${asked[key]}`);
  };
  const ask = (name: Name) => {
    const asked = { ...known };
    const kept = cache.find(name);
    if (kept === undefined) {
      answers.push(cache.make(name, () => read(name)).then(({ value }) => check(name, asked, value)));
      return;
    }
    hits += 1;
    if (!current) throw new Error('an entry was shown while nothing was known of others');
    if (now >= kept.value.readAt + lastsMs) throw new Error(`${name} was shown after its end`);
    check(name, asked, kept.value);
  };
  const perform = (one: Step) => {
    if (one.do === 'ask') ask(one.name);
    else if (one.do === 'go on') gates.splice(one.which % Math.max(1, gates.length), 1)[0]?.();
    else if (one.do === 'commit') world[one.key] += 1;
    else if (one.do === 'pass') now += one.ms;
    else if (one.do === 'lose sight') current = !one.of;
    else {
      for (const key of keys) if (one.key === 'all' || one.key === key) known[key] = world[key];
      cache.forget([one.key]);
    }
  };
  for (const one of steps) {
    perform(one);
    await settled();
  }
  while (gates.length > 0) {
    gates.shift()?.();
    await settled();
  }
  await Promise.all(answers);
  expect(cache.state()).toMatchObject({ making: 0, waiting: 0 });
  expect(cache.state().hits).toBe(hits);
  return cache.state();
}

it('shows nobody what was forgotten before they asked, in any order of reads, commits and invalidations', async () => {
  const total = { runs: 0, hits: 0, joined: 0, made: 0 };
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    fc.integer({ min: 50, max: 100_000 }),
    async (steps, lastsMs) => {
      const { hits, joined, misses } = await run(steps, lastsMs);
      total.runs += 1;
      total.hits += hits;
      total.joined += joined;
      total.made += misses;
    },
  );
  await fc.assert(property, { numRuns: 10_000 });
  expect(total.runs).toBe(10_000);
  // The runs have enough of everything.
  expect(Math.min(total.hits, total.joined, total.made)).toBeGreaterThan(1_000);
}, 120_000);
