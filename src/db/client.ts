import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { Failure, type Outage, unavailable } from '../core/errors.ts';
import { openPlaces, openTurns } from '../core/turns.ts';
import { type DatabaseConfig, poolConfig, schemaOf } from './connection.ts';
import { isPoolTimeout, isReadOnly, isStalePlan, translateDatabaseError } from './errors.ts';
import { PrismaClient } from './generated/client.ts';
import { openPool } from './pool.ts';
import { openWaits, qualify, type Statement, type Values } from './sql.ts';
import { type Asked, openTransactions, type Retries } from './transactions.ts';
import type { Read, Tx } from './tx.ts';
import { type DbWatch, unwatched, watchFailure, watchWaits } from './watch.ts';

/** What goes on between this process and the database. */
export type DbStats = {
  /** Transactions and single writes: running, waiting for one of `max` places, and waiting for their turn. */
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
  /**
   * All of `work` or nothing. Deadlocks and serialization failures are tried again, three times in all. What `work` does
   * through this same Db is part of it: a transaction within it is a savepoint, so that one may fail and the rest go on.
   * `asked.turns`: what it will lock, as far as that is known; `asked.size`: long work takes part of the connections only.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, asked?: Asked): Promise<Result>;
  stats(): DbStats;
  /** Calls `heard` after each transaction of this process that has written an event. Gives the function that ends it. */
  onRecorded(heard: () => void): () => void;
  readonly schema: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

/** So many wait for one thing, or for a connection to write on; the next one is told at once. */
const inTurnMax = 100;

const waitingMax = 500;

const waitMs = 8_000;

/** Writers leave a quarter of the connections, and one at least, to who reads; of one connection all have a share. */
const writersOf = (poolMax: number) => Math.max(1, poolMax - Math.max(1, Math.ceil(poolMax / 4)));

/** The one pool and Prisma upon it. `onPoolError` hears of idle connections that break; the pool replaces them. */
export function openDb(config: DatabaseConfig, onPoolError: (error: Error) => void, watch: DbWatch = unwatched): Db {
  const schema = schemaOf(config.url);
  const text = qualify(schema);
  const mayWait = openWaits();
  const { pool, retire, isFull } = openPool(poolConfig(config), config.prepare, onPoolError);
  watchWaits(pool, watch);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema }), errorFormat: 'minimal' });
  const places = openPlaces({ max: writersOf(config.poolMax), waitingMax, waitMs });
  const turns = openTurns(inTurnMax);
  const outages: Partial<Record<Outage, number>> = {};

  /** After a failover the old server answers read-only, and a plan may be stale: new connections help. */
  const heed = (thrown: unknown): unknown => {
    watchFailure(watch, thrown);
    if (isReadOnly(thrown)) retire();
    if (isStalePlan(thrown)) retire({ evenAgain: true });
    return isPoolTimeout(thrown) && isFull() ? unavailable(thrown, 'noConnection') : thrown;
  };

  const { retried } = watch;
  const listeners = new Set<() => void>();
  const recorded = () => {
    for (const heard of listeners) heard();
  };
  const transactions = openTransactions({
    prisma,
    prepare: config.prepare,
    text,
    turns,
    places,
    isFull,
    heed,
    retried,
    recorded,
  });

  const counted = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (thrown) {
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
      const meant = heed(thrown);
      if (!isStalePlan(meant)) throw translateDatabaseError(meant);
      transactions.retries.stalePlan += 1;
      return ask<Row>(statement, values).catch((again: unknown) => Promise.reject(translateDatabaseError(heed(again))));
    }
  };

  /** A statement that may wait for a row goes by the places of writers, a reader's does not. */
  const askInPlace = async <Row extends pg.QueryResultRow>(statement: Statement, values: Values): Promise<Row[]> => {
    if (!mayWait(statement.text)) return askTwice(statement, values);
    const giveBack = await places.take('short');
    return askTwice<Row>(statement, values).finally(giveBack);
  };

  return {
    async read(statement, values = []) {
      const tx = transactions.joined();
      return tx ? tx.read(statement, values) : counted(askInPlace(statement, values));
    },
    transaction(work, asked) {
      const result = transactions.run(work, asked);
      return transactions.joined() ? result : counted(result);
    },
    stats: () => ({
      writers: { ...places.state(), inTurn: turns.waiting() },
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
