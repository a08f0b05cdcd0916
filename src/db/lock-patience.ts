import type pg from 'pg';
import { type Patience, patienceLeft, patienceMs, spend } from '../core/patience.ts';
import { transactionSettings } from './connection.ts';
import { beginText } from './sent-together.ts';
import { openWaits } from './sql.ts';

const mayWait = openWaits();

/** Up to this long, a statement may just have worked on a busy machine: it does not count as waiting. */
const workMs = 250;

/** The shortest lock timeout, long enough to take a lock that is free. Never 0, which would mean no timeout. */
const leastMs = 50;

const textOf = (statement: unknown): string => {
  const { text = statement }: { text?: unknown } = Object(statement);
  return typeof text === 'string' ? text : '';
};

const withText = (statement: unknown, text: string): unknown =>
  typeof statement === 'string' ? text : { ...Object(statement), text };

/**
 * Limits the lock waits of a transaction, in sum, to the patience that its call has left. `lock_timeout` alone applies to
 * each statement, so a call that meets several locks would wait that long for each. A statement that may wait and takes
 * longer than `workMs` counts as waiting.
 */
export function watchLocks(client: pg.PoolClient): void {
  let transaction: { patience: Patience; limitMs: number } | null = null;
  let since: number | null = null;
  client.query = new Proxy(client.query, {
    apply(query, self, given) {
      const text = textOf(given[0]);
      // Outside of a transaction there is nothing to watch: a reader's statement goes straight on.
      if (transaction === null && text !== 'BEGIN') return Reflect.apply(query, self, given);
      if (text === 'BEGIN') {
        transaction = { patience: patienceLeft(), limitMs: patienceMs };
        since = null;
        return Reflect.apply(query, self, [withText(given[0], beginText), ...given.slice(1)]);
      }
      if (/^(COMMIT|ROLLBACK)$/.test(text)) transaction = null;
      else if (transaction !== null && text !== transactionSettings) {
        const limitMs = Math.max(leastMs, Math.ceil(transaction.patience.leftMs));
        if (limitMs < transaction.limitMs) {
          transaction.limitMs = limitMs;
          Reflect.apply(query, self, [`SET LOCAL lock_timeout = ${limitMs}`]).catch(() => {});
        }
      }
      since = mayWait(text) ? performance.now() : null;
      return Reflect.apply(query, self, given);
    },
  });
  client.on('drain', () => {
    const tookMs = since === null ? 0 : performance.now() - since;
    since = null;
    if (transaction !== null && tookMs > workMs) spend(transaction.patience, tookMs);
  });
}
