import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { Failure, isDatabaseAway, type Outage, unavailable } from '../core/errors.ts';
import { openSlots, openTurns } from '../core/turns.ts';
import { type DatabaseConfig, poolConfig, schemaOf } from './connection.ts';
import { isPoolTimeout, isReadOnly, isStalePlan, translateDatabaseError } from './errors.ts';
import { PrismaClient } from './generated/client.ts';
import { openPool } from './pool.ts';
import { openNames, openWaits, qualify, type Statement, type Values } from './sql.ts';
import { type Asked, openTransactions, type Retries } from './transactions.ts';
import type { Read, Tx } from './tx.ts';
import { type AwayWatch, type DbWatch, neverAway, unwatched, watchFailure, watchWaits } from './watch.ts';

/** Counters of this process's use of the database. */
export type DbStats = {
  /** Transactions and single writes: running, waiting for one of `max` slots, and waiting for their turn. */
  readonly writers: {
    readonly running: number;
    readonly waiting: number;
    readonly max: number;
    readonly inTurn: number;
  };
  readonly retries: Readonly<Retries>;
  /** How many calls of the database were unavailable, by reason. */
  readonly outages: Readonly<Partial<Record<Outage, number>>>;
};

export type Db = {
  readonly read: Read;
  /** The same also while the database is known to be away: this is how its return is noticed. */
  readonly probe: Read;
  /**
   * Runs `work` in a transaction. Deadlocks and serialization failures are retried, three tries in all. Whatever `work` does
   * through this same Db joins the transaction; a nested transaction is a savepoint, so that it may fail and the rest go on.
   * `asked.turns`: what it will lock, as far as known; `asked.size`: long work may use only part of the connections.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, asked?: Asked): Promise<Result>;
  stats(): DbStats;
  /**
   * Calls `heard` after each commit of this process that wrote an event, before the caller of the transaction goes on, with
   * the cache keys of its events; also where the outcome of a commit is unknown. Returns the function that unsubscribes.
   */
  onRecorded(heard: (keys: readonly string[]) => void): () => void;
  readonly schema: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

/** The most that wait for one lock (`inTurnMax`), or for a connection to write on; the next one is refused at once. */
const inTurnMax = 100;

const waitingMax = 500;

const waitMs = 8_000;

/** Writers leave a quarter of the connections, at least one, to readers. A single connection is shared. */
const writersOf = (poolMax: number) => Math.max(1, poolMax - Math.max(1, Math.ceil(poolMax / 4)));

/**
 * The only pool, and Prisma on top of it. `onPoolError` gets errors of idle connections; the pool replaces them. While
 * `away` says so, every call fails at once.
 */
export function openDb(
  config: DatabaseConfig,
  onPoolError: (error: Error) => void,
  watch: DbWatch = unwatched,
  away: AwayWatch = neverAway,
): Db {
  const schema = schemaOf(config.url);
  const text = qualify(schema);
  const mayWait = openWaits();
  const { pool, retire, isFull } = openPool(poolConfig(config), config.prepare, onPoolError);
  watchWaits(pool, watch);
  const names = openNames();
  const adapter = new PrismaPg(pool, {
    schema,
    ...(config.prepare ? { statementNameGenerator: ({ sql }) => names.of(sql) } : {}),
  });
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
  const slots = openSlots({ max: writersOf(config.poolMax), waitingMax, waitMs });
  const turns = openTurns(inTurnMax);
  const outages: Partial<Record<Outage, number>> = {};

  /** After a failover the old server is read-only, and a prepared plan may be stale: both need new connections. */
  const reactTo = (thrown: unknown): unknown => {
    watchFailure(watch, thrown);
    if (isReadOnly(thrown)) retire();
    if (isStalePlan(thrown)) retire({ evenAgain: true });
    return isPoolTimeout(thrown) && isFull() ? unavailable(thrown, 'noConnection') : thrown;
  };

  const { retried } = watch;
  const listeners = new Set<(keys: readonly string[]) => void>();
  const recorded = (keys: readonly string[]) => {
    for (const heard of listeners) heard(keys);
  };
  const transactions = openTransactions({
    prisma,
    prepare: config.prepare,
    text,
    names,
    turns,
    slots,
    isFull,
    reactTo,
    retried,
    recorded,
  });

  /** `isLong`: it may have begun long before the database went away. */
  const counted = async <Result>(work: () => Promise<Result>, isLong: boolean): Promise<Result> => {
    const began = performance.now();
    try {
      const why = away.why();
      if (why !== null) throw unavailable(undefined, why);
      const result = await work();
      away.answered();
      return result;
    } catch (thrown) {
      if (isDatabaseAway(thrown)) away.found(isLong ? performance.now() : began);
      const outage = thrown instanceof Failure ? thrown.extras.outage : undefined;
      if (outage !== undefined) outages[outage] = (outages[outage] ?? 0) + 1;
      throw thrown;
    }
  };

  const ask = async <Row extends pg.QueryResultRow>(statement: Statement, values: Values): Promise<Row[]> => {
    const result = await pool.query<Row>({
      ...(config.prepare && statement.name ? { name: statement.name } : {}),
      ...(statement.timeoutMs ? { query_timeout: statement.timeoutMs } : {}),
      text: text(statement.text),
      values: [...values],
    });
    return result.rows;
  };

  const askTwice = async <Row extends pg.QueryResultRow>(statement: Statement, values: Values): Promise<Row[]> => {
    try {
      return await ask(statement, values);
    } catch (thrown) {
      const meant = reactTo(thrown);
      if (!isStalePlan(meant)) throw translateDatabaseError(meant);
      transactions.retries.stalePlan += 1;
      return ask<Row>(statement, values).catch((again: unknown) =>
        Promise.reject(translateDatabaseError(reactTo(again))),
      );
    }
  };

  /** A statement that may wait for a row lock needs a writer's slot; a read does not. */
  const askInPlace = async <Row extends pg.QueryResultRow>(statement: Statement, values: Values): Promise<Row[]> => {
    if (!mayWait(statement.text)) return askTwice(statement, values);
    const giveBack = await slots.take('short');
    return askTwice<Row>(statement, values).finally(giveBack);
  };

  return {
    async read(statement, values = []) {
      const tx = transactions.joined();
      return tx ? tx.read(statement, values) : counted(() => askInPlace(statement, values), false);
    },
    probe: (statement, values = []) => askTwice(statement, values),
    transaction(work, asked) {
      const run = () => transactions.run(work, asked);
      return transactions.joined() ? run() : counted(run, true);
    },
    stats: () => ({
      writers: { ...slots.state(), inTurn: turns.waiting() },
      retries: { ...transactions.retries },
      outages: { ...outages },
    }),
    onRecorded(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    schema,
    pool,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
