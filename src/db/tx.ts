import type pg from 'pg';
import type { Prisma } from './generated/client.ts';
import type { Statement, Values } from './sql.ts';

/** Runs one statement and gives its rows. */
export type Read = <Row extends pg.QueryResultRow>(statement: Statement, values?: Values) => Promise<Row[]>;

/** One transaction: Prisma's models for writing, and statements on the same connection. */
export type Tx = {
  readonly models: Prisma.TransactionClient;
  readonly read: Read;
  /**
   * The same for the statement with which the work is done: nothing may be asked and nothing fail after it. COMMIT is sent
   * with it, unless the transaction is inside another.
   */
  readonly readLast: Read;
  /**
   * The same behind a lock, which `lock` takes: a statement that gives no row, with the first two of these values. It travels
   * with the statement, which sees everything as it is once the lock is held.
   */
  readBehind<Row extends pg.QueryResultRow>(lock: string, statement: Statement, values: Values): Promise<Row[]>;
  /**
   * Takes these keys until the transaction ends, if no other transaction of this process holds them. Otherwise the
   * transaction rolls back, gives up its connection, and starts again when its turn comes. Call it before each lock that
   * other transactions of this process may hold.
   */
  turn(...keys: readonly string[]): void;
  /** The same without taking the keys: for locks that many may share and that one sometimes holds alone. */
  pass(...keys: readonly string[]): void;
  /**
   * Notes that this transaction writes an event with these cache keys: after the commit the outbox is woken, and answers
   * with one of the keys are forgotten.
   */
  recorded(keys: readonly string[]): void;
};
