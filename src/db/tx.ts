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
   * Goes on where no other transaction of this process has these things, and has them until the end. Otherwise all that
   * was done is taken back, the connection is given to others, and the work begins anew when its turn has come. To be
   * called before each lock that others of this process may hold.
   */
  turn(...keys: readonly string[]): void;
  /** The same without having them: for locks that many may share and one sometimes has alone. */
  pass(...keys: readonly string[]): void;
  /** Says that an event is written here, for whoever goes on with it after the commit. */
  recorded(): void;
};
