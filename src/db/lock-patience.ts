import type pg from 'pg';
import { type Patience, patienceLeft, patienceMs, spend } from '../core/patience.ts';
import { transactionSettings } from './connection.ts';
import { openWaits } from './sql.ts';

const mayWait = openWaits();

/** A statement that takes no longer may have waited, and may have worked on a busy machine. */
const workMs = 250;

/** With less patience than this a lock that is free is still taken; no timeout at all would be forever. */
const leastMs = 50;

const textOf = (statement: unknown): string => {
  const { text = statement }: { text?: unknown } = Object(statement);
  return typeof text === 'string' ? text : '';
};

/**
 * Lets the statements of a transaction wait for locks no longer than its call has patience left, in all: `lock_timeout`
 * is of each statement, so that a call that meets several locks would wait for that long again and again. What a statement
 * that may wait takes beyond a moment counts as waiting.
 */
export function watchLocks(client: pg.PoolClient): void {
  let transaction: { patience: Patience; limitMs: number } | null = null;
  let since: number | null = null;
  client.query = new Proxy(client.query, {
    apply(query, self, given) {
      const text = textOf(given[0]);
      if (text === 'BEGIN') transaction = { patience: patienceLeft(), limitMs: patienceMs };
      else if (/^(COMMIT|ROLLBACK)$/.test(text)) transaction = null;
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
