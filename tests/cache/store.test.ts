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

  it('stay where they were asked for again, while a million names are asked for once', () => {
    const store = openStore<string>(4_000_000);
    const real = Array.from({ length: 500 }, (_, n) => `page ${n}`);
    for (const name of real) store.keep(entry(name, { bytes: 2_000 }));
    for (const name of real) store.find(name, 0);
    const before = real.filter((name) => store.find(name, 0) !== undefined).length;
    for (let n = 0; n < 1_000_000; n += 1) store.keep(entry(`made up ${n}`, { bytes: 2_000 }));
    expect(real.filter((name) => store.find(name, 0) !== undefined)).toHaveLength(before);
    expect(before).toBeGreaterThan(200);
  });
});
