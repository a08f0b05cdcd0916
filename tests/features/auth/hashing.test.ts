import { describe, expect, it } from '@jest/globals';
import { openHashing } from '../../../src/features/auth/hashing.ts';

/** Work that ends when it is told to, in the order of beginning. */
function openWork() {
  const hashing = openHashing();
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (from: string) =>
    hashing(from, () => {
      began.push(from);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const endOne = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, began, endOne };
}

describe('the queue of passwords', () => {
  it('looks at two at once, and lets addresses take turns', async () => {
    const { ask, began, endOne } = openWork();
    const all = [...'aaaaaabbc'].map(ask);
    expect(began.join('')).toBe('aa');
    for (const _ of all) await endOne();
    expect(began.join('')).toBe('aaabcabaa');
    await Promise.all(all);
  });

  it('lets 20 of one address wait, and says so to the others while another address has room', async () => {
    const { ask, began, endOne } = openWork();
    const all = [...'a'.repeat(22)].map(ask);
    await expect(ask('a')).rejects.toMatchObject({ kind: 'TooMany', code: 'too-many', extras: { retryAfterS: 2 } });
    all.push(ask('b'));
    for (const _ of all) await endOne();
    expect(began.join('')).toBe(`aaab${'a'.repeat(19)}`);
    await Promise.all(all);
  });

  it('lets 200 wait in all', async () => {
    const { ask, endOne } = openWork();
    const all = [...Array(202).keys()].map((n) => ask(String(n)));
    await expect(ask('late')).rejects.toMatchObject({ kind: 'Unavailable', extras: { outage: 'hashing' } });
    for (const _ of all) await endOne();
    await Promise.all(all);
  });
});
