import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type DatabaseConfig, poolConfig, schemaOf, transactionSettings } from './connection.ts';
import { isReadOnly, isRetryable, translateDatabaseError } from './errors.ts';
import { type Prisma, PrismaClient } from './generated/client.ts';
import { qualify, type Statement, type Values } from './sql.ts';

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
export function openDb(config: DatabaseConfig, onPoolError: (error: Error) => void): Db {
  const schema = schemaOf(config.url);
  const text = qualify(schema);
  let pool = openPool(config, onPoolError);
  let prisma = openPrisma(pool, schema);

  /** After a failover the old server answers read-only: its connections are left to end, and new ones are made. */
  const renewPool = () => {
    const old = pool;
    pool = openPool(config, onPoolError);
    prisma = openPrisma(pool, schema);
    old.end().catch(onPoolError);
  };

  const joined = new AsyncLocalStorage<{ tx: Tx; savepoints: number }>();

  const read: Read = async (statement, values = []) => {
    const outer = joined.getStore();
    if (outer) return outer.tx.read(statement, values);
    try {
      const name = config.prepare ? statement.name : undefined;
      const result = await pool.query({ ...(name ? { name } : {}), text: text(statement.text), values: [...values] });
      return result.rows;
    } catch (thrown) {
      throw translateDatabaseError(thrown);
    }
  };

  const once = <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> =>
    prisma.$transaction(
      async (models) => {
        if (!config.prepare) await models.$queryRawUnsafe(transactionSettings);
        return work({
          models,
          read: (statement, values = []) => models.$queryRawUnsafe(text(statement.text), ...values),
        });
      },
      { maxWait: 1_000, timeout: 10_000 },
    );

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
        if (isReadOnly(thrown)) renewPool();
        if (attempt >= triesMax || !isRetryable(thrown)) throw translateDatabaseError(thrown);
        await wait(jitterMs());
      }
    }
  };

  return {
    read,
    transaction,
    schema,
    get pool() {
      return pool;
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function openPool(config: DatabaseConfig, onPoolError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(poolConfig(config));
  pool.on('error', onPoolError);
  return pool;
}

const openPrisma = (pool: pg.Pool, schema: string) =>
  new PrismaClient({ adapter: new PrismaPg(pool, { schema }), errorFormat: 'minimal' });
