import { AsyncLocalStorage } from 'node:async_hooks';
import { outcomeUnknown, unavailable } from '../core/errors.ts';
import { patienceLeft, patiently } from '../core/patience.ts';
import type { Held, Size, Slots, Turns } from '../core/turns.ts';
import { transactionSettings } from './connection.ts';
import { isGivenUp, isOutcomeUnknown, isRetryable, isStalePlan, translateDatabaseError } from './errors.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import type { Tx } from './tx.ts';

/** What is known about a transaction before it begins: the keys that it will lock, and whether it is long. */
export type Asked = { turns?: readonly string[]; size?: Size };

type Work<Result> = (tx: Tx) => Promise<Result>;
type Outer = { tx: Tx; savepoints: number; size: Size };

/** How often transactions were retried, by reason. */
export type Retries = { conflict: number; stalePlan: number; turn: number };

export type Transactions = {
  run<Result>(work: Work<Result>, asked?: Asked): Promise<Result>;
  /** The transaction that the caller is in, if any. */
  joined(): Tx | undefined;
  readonly retries: Retries;
};

export type TransactionParts = {
  prisma: PrismaClient;
  prepare: boolean;
  text: (text: string) => string;
  turns: Turns;
  slots: Slots;
  /** Whether every connection is in use. */
  isFull(): boolean;
  /** Lets the pool react to an error. Returns the error, or a more exact one if the pool knows better. */
  reactTo(thrown: unknown): unknown;
  /** Called for each transaction that is retried after a conflict. */
  retried(): void;
  /**
   * Called after the commit of each transaction that wrote an event, with the cache keys of its events, and also where the
   * outcome of a commit is unknown.
   */
  recorded(keys: readonly string[]): void;
};

/** Thrown in a transaction that needs a key held by another one of this process. It rolls back and restarts at its turn. */
class StartAgain extends Error {
  override readonly name = 'StartAgain';
  readonly asked: Required<Asked> & { passing: readonly string[] };
  constructor(asked: Required<Asked> & { passing: readonly string[] }) {
    super('a transaction waits for its turn without a connection');
    this.asked = asked;
  }
}

const triesMax = 3;
const jitterMs = () => 5 + Math.random() * 40;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Transactions of this process wait for each other before they take a connection: first for the keys that they will lock,
 * then for a writer's slot. Deadlocks, serialization failures and stale plans are retried.
 */
export function openTransactions({
  prisma,
  prepare,
  text,
  turns,
  slots,
  isFull,
  reactTo,
  retried,
  recorded,
}: TransactionParts): Transactions {
  const storage = new AsyncLocalStorage<Outer>();
  const retries: Retries = { conflict: 0, stalePlan: 0, turn: 0 };

  const once = async <Result>(work: Work<Result>, held: Held, size: Size): Promise<Result> => {
    let [begun, committing, hasEvent] = [false, false, false];
    const recordedKeys = new Set<string>();
    const tell = () => {
      if (hasEvent) recorded([...recordedKeys]);
    };
    const inTransaction = async (models: Prisma.TransactionClient) => {
      begun = true;
      if (!prepare) await models.$queryRawUnsafe(transactionSettings);
      const again = (keys: readonly string[], passing: readonly string[]) =>
        new StartAgain({ turns: keys, passing, size });
      const tx: Tx = {
        models,
        read: (statement, values = []) => models.$queryRawUnsafe(text(statement.text), ...values),
        turn(...keys) {
          if (held.tryAdd(keys).length > 0) throw again(keys, []);
        },
        pass(...keys) {
          const taken = held.taken(keys);
          if (taken.length > 0) throw again([], taken);
        },
        recorded(keys) {
          hasEvent = true;
          for (const key of keys) recordedKeys.add(key);
        },
      };
      const result = await storage.run({ tx, savepoints: 0, size }, () => work(tx));
      committing = true;
      return result;
    };
    try {
      const result = await prisma.$transaction(inTransaction, { maxWait: 1_500, timeout: 10_000 });
      tell();
      return result;
    } catch (thrown) {
      if (committing && isOutcomeUnknown(thrown)) {
        tell();
        throw outcomeUnknown(thrown);
      }
      if (begun || !isGivenUp(thrown)) throw thrown;
      throw unavailable(thrown, isFull() ? 'noConnection' : 'unreachable');
    }
  };

  const join = async <Result>(outer: Outer, work: Work<Result>, { turns: keys = [], size = 'short' }: Asked) => {
    if (size === 'long' && outer.size === 'short') throw new StartAgain({ turns: keys, passing: [], size });
    outer.tx.turn(...keys);
    outer.savepoints += 1;
    const savepoint = `joined_${outer.savepoints}`;
    await outer.tx.models.$executeRawUnsafe(`SAVEPOINT ${savepoint}`);
    try {
      const result = await work(outer.tx);
      await outer.tx.models.$executeRawUnsafe(`RELEASE SAVEPOINT ${savepoint}`);
      return result;
    } catch (thrown) {
      if (isRetryable(thrown) || isStalePlan(thrown) || thrown instanceof StartAgain) throw thrown;
      await outer.tx.models.$executeRawUnsafe(`ROLLBACK TO SAVEPOINT ${savepoint}`);
      throw translateDatabaseError(thrown);
    }
  };

  const attempt = async <Result>(work: Work<Result>, wanted: Set<string>, size: Size): Promise<Result> => {
    const held = await turns.take(wanted, patienceLeft());
    try {
      const giveBack = await slots.take(size);
      return await once(work, held, size).finally(giveBack);
    } finally {
      for (const key of held.keys) wanted.add(key);
      held.release();
    }
  };

  const top = async <Result>(work: Work<Result>, asked: Asked): Promise<Result> => {
    const wanted = new Set(asked.turns);
    let { size = 'short' } = asked;
    let [tries, plans] = [1, 0];
    for (;;) {
      try {
        return await attempt(work, wanted, size);
      } catch (thrown) {
        if (thrown instanceof StartAgain) {
          retries.turn += 1;
          size = thrown.asked.size;
          for (const key of thrown.asked.turns) wanted.add(key);
          (await turns.take(thrown.asked.passing, patienceLeft())).release();
          continue;
        }
        const meant = reactTo(thrown);
        if (isStalePlan(meant) && plans === 0) {
          plans += 1;
          retries.stalePlan += 1;
          continue;
        }
        if (tries >= triesMax || !isRetryable(meant) || patienceLeft().leftMs === 0)
          throw translateDatabaseError(meant);
        tries += 1;
        retries.conflict += 1;
        retried();
        await wait(jitterMs());
      }
    }
  };

  return {
    retries,
    joined: () => storage.getStore()?.tx,
    run(work, asked = {}) {
      const outer = storage.getStore();
      return outer ? join(outer, work, asked) : patiently(() => top(work, asked), patienceLeft());
    },
  };
}
