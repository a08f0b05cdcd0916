import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openAsyncContext } from '../../src/core/async-context.ts';

const numbers = openAsyncContext<number>();
const words = openAsyncContext<string>();

test('work sees its own values of several contexts, also across what it awaits', async () => {
  const look = async () => {
    await setImmediate();
    return [numbers.get(), words.get()];
  };
  const both = (number: number, word: string) => numbers.run(number, () => words.run(word, look));
  expect(await Promise.all([both(1, 'এক'), both(2, 'দুই'), numbers.run(3, look)])).toEqual([
    [1, 'এক'],
    [2, 'দুই'],
    [3, undefined],
  ]);
  expect(await look()).toEqual([undefined, undefined]);
});

test('a run within another of its context hides the outer value until it ends', async () => {
  const seen = await numbers.run(1, async () => [await numbers.run(2, async () => numbers.get()), numbers.get()]);
  expect(seen).toEqual([2, 1]);
});

test('what goes on after its work has ended sees nothing, also while other work runs', async () => {
  const goesOn = await numbers.run(1, async () => {
    const late = (async () => {
      await setImmediate();
      await setImmediate();
      return numbers.get();
    })();
    return { late };
  });
  const seen = await numbers.run(2, async () => [await goesOn.late, numbers.get()]);
  expect(seen).toEqual([undefined, 2]);
});
