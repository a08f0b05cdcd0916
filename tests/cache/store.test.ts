import { describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/cache/store.ts';

const entry = (name: string, { bytes = 100, keys = ['latest'], endsAt = 1_000, overAt = 2_000 } = {}) => ({
  readAt: 0,
  isSure: true,
  overAt,
  name,
  value: name,
  bytes,
  keys,
  endsAt,
});

describe('the entries that are kept', () => {
  it.each([1, 100, 5_000])('are none where %i bytes leave no room for one, and nothing fails', (bytesMax) => {
    const store = openStore<string>(bytesMax);
    store.keep(entry('page'));
    expect(store.find('page', 0)).toBeUndefined();
    expect(store.state()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('are dropped by each of their keys, and others stay', () => {
    const store = openStore<string>(1_000_000);
    store.keep(entry('list', { keys: ['latest', 'tags'] }));
    store.keep(entry('page', { keys: ['a:1'] }));
    store.drop(['tags']);
    expect(store.find('list', 0)).toBeUndefined();
    expect(store.find('page', 0)?.value).toBe('page');
    store.drop(['a:1']);
    expect(store.state()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('are dropped by their keys also after they were asked for again', () => {
    const store = openStore<string>(1_000_000);
    store.keep(entry('page', { keys: ['a:1'] }));
    for (const _ of [1, 2, 3]) expect(store.find('page', 0)?.value).toBe('page');
    store.drop(['a:1']);
    expect(store.find('page', 0)).toBeUndefined();
  });

  it('are not found from the instant at which they may be others, and as old ones until something in them ends', () => {
    const store = openStore<string>(1_000_000);
    store.keep(entry('page', { endsAt: 50, overAt: 90 }));
    expect(store.find('page', 49.9)?.value).toBe('page');
    expect(store.find('page', 50)).toBeUndefined();
    expect(store.findOld('page', 89.9)?.value).toBe('page');
    expect(store.findOld('page', 90)).toBeUndefined();
    store.drop(['latest']);
    expect(store.findOld('page', 60)).toBeUndefined();
  });

  it('are replaced by a newer one of the same name, with the keys of that alone', () => {
    const store = openStore<string>(1_000_000);
    store.keep(entry('page', { keys: ['a:1'] }));
    store.keep({ ...entry('page', { keys: ['a:2'] }), value: 'newer' });
    store.drop(['a:1']);
    expect(store.find('page', 0)?.value).toBe('newer');
    expect(store.state().entries).toBe(1);
  });

  it('never take more bytes than they may, whatever comes', () => {
    const store = openStore<string>(300_000);
    for (let n = 0; n < 5_000; n += 1) {
      store.keep(entry(`page ${n}`, { bytes: 500 + (n % 7) * 900, keys: [`a:${n}`, 'latest'] }));
      if (n % 3 === 0) store.find(`page ${n}`, 0);
      expect(store.state().bytes).toBeLessThanOrEqual(300_000);
    }
    expect(store.state().entries).toBeGreaterThan(20);
    expect(store.state().evicted).toBeGreaterThan(4_000);
  });

  it('are none that takes more than a thirty-second part', () => {
    const store = openStore<string>(320_000);
    store.keep(entry('large', { bytes: 10_000 }));
    store.keep(entry('small', { bytes: 5_000 }));
    expect(store.find('large', 0)).toBeUndefined();
    expect(store.find('small', 0)?.value).toBe('small');
  });

  /** Asks as a caller does: what is not there is made and kept. Returns whether it was there. */
  const asking = (bytesMax: number) => {
    const store = openStore<string>(bytesMax);
    return (name: string) => {
      const isThere = store.find(name, 0) !== undefined;
      if (!isThere) store.keep(entry(name, { bytes: 2_000 }));
      return isThere;
    };
  };
  const named = (count: number, kind: string) => Array.from({ length: count }, (_, n) => `${kind} ${n}`);
  const times = (count: number, work: () => void) => {
    for (let n = 0; n < count; n += 1) work();
  };

  it('stay where they are asked for again, while hundreds of thousands of names are asked for once', () => {
    const ask = asking(4_000_000);
    const real = named(500, 'page');
    times(2, () => real.forEach(ask));
    let [asked, there] = [0, 0];
    for (let n = 0; n < 200_000; n += 1) {
      ask(`made up ${n}`);
      if (n % 20 !== 0) continue;
      asked += 1;
      if (ask(real[(n / 20) % real.length] ?? '')) there += 1;
    }
    expect(there / asked).toBeGreaterThan(0.99);
  });

  it('make no room for what is asked for less often, however many that are', () => {
    const ask = asking(1_000_000);
    const popular = named(200, 'popular');
    times(8, () => popular.forEach(ask));
    for (const name of named(800, 'seldom')) times(2, () => ask(name));
    expect(popular.filter(ask).length).toBeGreaterThan(190);
  });

  it('make room for what is asked for now, and was not before', () => {
    const ask = asking(1_000_000);
    const before = named(300, 'before');
    const now = named(300, 'now');
    times(20, () => before.forEach(ask));
    times(20, () => now.forEach(ask));
    expect(now.filter(ask).length).toBeGreaterThan(250);
  });
});
