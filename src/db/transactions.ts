import { openAsyncContext } from '../core/async-context.ts';
import { Failure, outcomeUnknown, unavailable } from '../core/errors.ts';
import { patienceLeft, patiently } from '../core/patience.ts';
import type { Held, Size, Slots, Turns } from '../core/turns.ts';
import { transactionSettings } from './connection.ts';
import {
  isAnswerLost,
  isGivenUp,
  isOutcomeUnknown,
  isRetryable,
  isStalePlan,
  translateDatabaseError,
} from './errors.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { behindLock, endingWith } from './sent-together.ts';
import type { StatementNames, Values } from './sql.ts';
import { jitter, StartAgain } from './start-again.ts';
import type { Tx } from './tx.ts';

/**
 * What is known about a transaction before it begins: the keys that it will lock; whether it is long; and whether it fails
 * as a whole with the first transaction inside it that fails (`whole`), so that those need no savepoints.
 */
export type Asked = { turns?: readonly string[]; size?: Size; whole?: boolean };

type Work<Result> = (tx: Tx) => Promise<Result>;
type Outer = { readonly tx: Tx; readonly size: Size; readonly whole: boolean; readonly shared: Shared };
/** What is common to a transaction and all those inside it. `broken`: a statement was refused, so that no other is taken. */
type Shared = { savepoints: number; broken: boolean; readonly careful: boolean };

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
  names: StatementNames;
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

type Attempt = { size: Size; whole: boolean; careful: boolean };

const triesMax = 3;

/**
 * Transactions of this process wait for each other before they take a connection: first for the keys that they will lock,
 * then for a writer's slot. Deadlocks, serialization failures and stale plans are retried.
 */
export function openTransactions({
  prisma,
  prepare,
  text,
  names,
  turns,
  slots,
  isFull,
  reactTo,
  retried,
  recorded,
}: TransactionParts): Transactions {
  const current = openAsyncContext<Outer>();
  const retries: Retries = { conflict: 0, stalePlan: 0, turn: 0 };

  const once = async <Result>(work: Work<Result>, held: Held, { size, whole, careful }: Attempt): Promise<Result> => {
    let [begun, ending, committing, hasEvent] = [false, false, false, false];
    const recordedKeys = new Set<string>();
    const stored: { last?: { result: Result } } = {};
    const tell = () => {
      if (hasEvent) recorded([...recordedKeys]);
    };
    const shared: Shared = { savepoints: 0, broken: false, careful };
    const inTransaction = async (models: Prisma.TransactionClient) => {
      begun = true;
      if (!prepare) await models.$queryRawUnsafe(transactionSettings);
      const ask = async <Row>(qualified: string, name: string | undefined, values: Values, isLast = false) => {
        // It would be carried out alone, after the transaction.
        if (ending) throw new Error('a statement comes after the one that was said to be the last');
        ending = isLast;
        try {
          return await models.$queryRawUnsafe<Row[]>(names.keep(qualified, name), ...values);
        } catch (thrown) {
          shared.broken = true;
          throw thrown;
        }
      };
      const read: Tx['read'] = ({ name, text: words }, values = []) => ask(text(words), name, values);
      const tx: Tx = {
        models,
        read,
        readLast: (statement, values = []) =>
          current.get() === outermost
            ? ask(endingWith(text(statement.text)), statement.name, values, true)
            : read(statement, values),
        readBehind: (lock, { name, text: words }, values) => ask(behindLock(lock, text(words)), name, values),
        turn(...keys) {
          if (held.tryAdd(keys).length > 0) throw new StartAgain({ turns: keys, size });
        },
        pass(...keys) {
          const taken = held.taken(keys);
          if (taken.length > 0) throw new StartAgain({ passing: taken, size });
        },
        recorded(keys) {
          hasEvent = true;
          for (const key of keys) recordedKeys.add(key);
        },
      };
      const outermost: Outer = { tx, size, whole, shared };
      const result = await current.run(outermost, () => work(tx));
      committing = true;
      if (ending && !shared.broken) stored.last = { result };
      return result;
    };
    try {
      const result = await prisma.$transaction(inTransaction, { maxWait: 1_500, timeout: 10_000 });
      tell();
      return result;
    } catch (thrown) {
      if (stored.last || (ending ? isAnswerLost(thrown) : committing && isOutcomeUnknown(thrown))) {
        tell();
        // The database had answered COMMIT when Prisma gave the transaction up, which it does after ten seconds.
        if (stored.last) return stored.last.result;
        throw outcomeUnknown(thrown);
      }
      if (begun || !isGivenUp(thrown)) throw thrown;
      throw unavailable(thrown, isFull() ? 'noConnection' : 'unreachable');
    }
  };

  /** Inside a transaction that fails as a whole. Whoever goes on after a refused statement needs a savepoint. */
  const joinWhole = async <Result>({ size, shared }: Outer, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      if (isRetryable(thrown) || isStalePlan(thrown) || thrown instanceof StartAgain) throw thrown;
      const meant = translateDatabaseError(thrown);
      // Nobody goes on where the database cannot serve, so that waiting for it once more would be in vain.
      if (meant instanceof Failure && (meant.kind === 'Unavailable' || !shared.broken)) throw meant;
      throw new StartAgain({ size, careful: true });
    }
  };

  const joinWithSavepoint = async <Result>({ tx, shared }: Outer, work: () => Promise<Result>): Promise<Result> => {
    shared.savepoints += 1;
    const savepoint = `joined_${shared.savepoints}`;
    await tx.models.$executeRawUnsafe(`SAVEPOINT ${savepoint}`);
    try {
      const result = await work();
      await tx.models.$executeRawUnsafe(`RELEASE SAVEPOINT ${savepoint}`);
      return result;
    } catch (thrown) {
      if (isRetryable(thrown) || isStalePlan(thrown) || thrown instanceof StartAgain) throw thrown;
      await tx.models.$executeRawUnsafe(`ROLLBACK TO SAVEPOINT ${savepoint}`);
      throw translateDatabaseError(thrown);
    }
  };

  const join = async <Result>(outer: Outer, work: Work<Result>, asked: Asked) => {
    const { turns: keys = [], size = 'short', whole = false } = asked;
    if (size === 'long' && outer.size === 'short') throw new StartAgain({ turns: keys, size });
    outer.tx.turn(...keys);
    const inner = () => current.run({ ...outer, whole }, () => work(outer.tx));
    return outer.whole && !outer.shared.careful ? joinWhole(outer, inner) : joinWithSavepoint(outer, inner);
  };

  const attempt = async <Result>(work: Work<Result>, wanted: Set<string>, how: Attempt): Promise<Result> => {
    const held = await turns.take(wanted, patienceLeft());
    try {
      const giveBack = await slots.take(how.size);
      return await once(work, held, how).finally(giveBack);
    } finally {
      for (const key of held.keys) wanted.add(key);
      held.release();
    }
  };

  const top = async <Result>(work: Work<Result>, asked: Asked): Promise<Result> => {
    const wanted = new Set(asked.turns);
    const { whole = false } = asked;
    let [size, careful] = [asked.size ?? 'short', false];
    let [tries, plans] = [1, 0];
    for (;;) {
      try {
        return await attempt(work, wanted, { size, whole, careful });
      } catch (thrown) {
        if (thrown instanceof StartAgain) {
          retries.turn += 1;
          size = thrown.asked.size;
          careful ||= thrown.asked.careful;
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
        await jitter();
      }
    }
  };

  return {
    retries,
    joined: () => current.get()?.tx,
    run(work, asked = {}) {
      const outer = current.get();
      return outer ? join(outer, work, asked) : patiently(() => top(work, asked), patienceLeft());
    },
  };
}
