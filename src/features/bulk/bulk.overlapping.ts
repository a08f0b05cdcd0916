import type { Tx } from '../../db/tx.ts';

/**
 * Runs works inside a transaction in order, each as soon as the one before has sent its last statement: the next article is
 * prepared while the database stores this one. `take` gets what came of each, in their order; what it throws, or what the
 * first of them does, is thrown once nothing of them goes on any more.
 */
export async function overlapping<Item, Result>(
  tx: Tx,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  take: (result: Result, index: number) => void,
): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for (const [index, item] of items.entries()) {
    const sent = tx.lastSent();
    const going = work(item, index);
    try {
      await before;
    } catch (thrown) {
      await going.catch(() => {});
      throw thrown;
    }
    before = going.then((result) => take(result, index));
    before.catch(() => {});
    await Promise.race([before.catch(() => {}), sent]);
  }
  await before;
}
