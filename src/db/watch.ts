import type pg from 'pg';
import { Failure, type Outage } from '../core/errors.ts';
import { sqlStateOf } from './errors.ts';

/** Callbacks for what operators count. */
export type DbWatch = {
  /** A caller waited this long for a connection, whether it got one or not. */
  waited(ms: number): void;
  /** A statement or a transaction failed; null if the server sent no SQLSTATE. */
  failed(sqlState: string | null): void;
  /** A transaction is retried. */
  retried(): void;
};

export const unwatched: DbWatch = { waited() {}, failed() {}, retried() {} };

/** An outage of the database, which one question a moment finds out for everybody. */
export type AwayWatch = {
  /** Why the database is away; null while it is there. Nothing is asked of one that is away. */
  why(): Outage | null;
  /** A call that began at this moment found it away. */
  found(began: number): void;
  /** It did what was asked of it. */
  answered(): void;
};

export const neverAway: AwayWatch = { why: () => null, found() {}, answered() {} };

/** Times every wait for a connection, those of Prisma too: all of them go through `connect`. */
export function watchWaits(pool: pg.Pool, watch: DbWatch): void {
  pool.connect = new Proxy(pool.connect, {
    apply(connect, self, [callback]) {
      const began = performance.now();
      const done = () => watch.waited(performance.now() - began);
      if (typeof callback !== 'function') {
        const connecting: Promise<pg.PoolClient> = Reflect.apply(connect, self, []);
        connecting.then(done, done);
        return connecting;
      }
      const heard = (...answer: unknown[]) => {
        done();
        Reflect.apply(callback, undefined, answer);
      };
      return Reflect.apply(connect, self, [heard]);
    },
  });
}

/** Counts a failure if it comes from the database and not from the application. */
export function watchFailure(watch: DbWatch, thrown: unknown): void {
  const sqlState = sqlStateOf(thrown instanceof Failure ? thrown.cause : thrown);
  if (sqlState !== undefined) watch.failed(sqlState);
}
