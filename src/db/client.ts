import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { outcomeUnknown } from '../core/errors.ts';
import { type DatabaseConfig, poolConfig, schemaOf, transactionSettings } from './connection.ts';
import { isOutcomeUnknown, isReadOnly, isRetryable, translateDatabaseError } from './errors.ts';
import { type Prisma, PrismaClient } from './generated/client.ts';
import { openPool } from './pool.ts';
import { qualify, type Statement, type Values } from './sql.ts';
import { type DbWatch, unwatched, watchFailure, watchWaits } from './watch.ts';

/** Runs one statement and gives its rows. */
export type Read = <Row extends pg.QueryResultRow>(statement: Statement, values?: Values) => Promise<Row[]>;

/** One transaction: Prisma's models for writing, and statements on the same connection. */
export type Tx = { readonly models: Prisma.TransactionClient; readonly read: Read };

export type Db = {
  readonly read: Read;
  /**
   * All of `work` or nothing. Deadlocks and serialization failures are tried again, three times in all. What `work` does
   * through this same Db is part of it: a transaction within it is a savepoint, so that one may fail and the rest go on.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  readonly schema: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

const triesMax = 3;
const jitterMs = () => 5 + Math.random() * 40;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The one pool and Prisma upon it. `onPoolError` hears of idle connections that break; the pool replaces them. */
export function openDb(config: DatabaseConfig, onPoolError: (error: Error) => void, watch: DbWatch = unwatched): Db {
  const schema = schemaOf(config.url);
  const text = qualify(schema);
  const { pool, retire } = openPool(poolConfig(config), config.prepare, onPoolError);
  watchWaits(pool, watch);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema }), errorFormat: 'minimal' });

  /** After a failover the old server answers read-only: new connections may reach the new one. */
  const leaveReadOnly = (thrown: unknown) => {
    if (isReadOnly(thrown)) retire();
  };

  const joined = new AsyncLocalStorage<{ tx: Tx; savepoints: number }>();

  const read: Read = async (statement, values = []) => {
    const outer = joined.getStore();
    if (outer) return outer.tx.read(statement, values);
    try {
      const result = await pool.query({
        ...(config.prepare && statement.name ? { name: statement.name } : {}),
        ...(statement.timeoutMs ? { query_timeout: statement.timeoutMs } : {}),
        text: text(statement.text),
        values: [...values],
      });
      return result.rows;
    } catch (thrown) {
      leaveReadOnly(thrown);
      watchFailure(watch, thrown);
      throw translateDatabaseError(thrown);
    }
  };

  const once = async <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> => {
    let committing = false;
    const inTransaction = async (models: Prisma.TransactionClient) => {
      if (!config.prepare) await models.$queryRawUnsafe(transactionSettings);
      const read: Read = (statement, values = []) => models.$queryRawUnsafe(text(statement.text), ...values);
      const result = await work({ models, read });
      committing = true;
      return result;
    };
    try {
      return await prisma.$transaction(inTransaction, { maxWait: 1_000, timeout: 10_000 });
    } catch (thrown) {
      throw committing && isOutcomeUnknown(thrown) ? outcomeUnknown(thrown) : thrown;
    }
  };

  const join = async <Result>(
    outer: { tx: Tx; savepoints: number },
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> => {
    outer.savepoints += 1;
    const savepoint = `joined_${outer.savepoints}`;
    await outer.tx.models.$executeRawUnsafe(`SAVEPOINT ${savepoint}`);
    try {
      const result = await work(outer.tx);
      await outer.tx.models.$executeRawUnsafe(`RELEASE SAVEPOINT ${savepoint}`);
      return result;
    } catch (thrown) {
      if (isRetryable(thrown)) throw thrown;
      await outer.tx.models.$executeRawUnsafe(`ROLLBACK TO SAVEPOINT ${savepoint}`);
      throw translateDatabaseError(thrown);
    }
  };

  const transaction = async <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> => {
    const outer = joined.getStore();
    if (outer) return join(outer, work);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once((tx) => joined.run({ tx, savepoints: 0 }, () => work(tx)));
      } catch (thrown) {
        leaveReadOnly(thrown);
        watchFailure(watch, thrown);
        if (attempt >= triesMax || !isRetryable(thrown)) throw translateDatabaseError(thrown);
        watch.retried();
        await wait(jitterMs());
      }
    }
  };

  return {
    read,
    transaction,
    schema,
    pool,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
