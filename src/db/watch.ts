import type pg from 'pg';
import { Failure } from '../core/errors.ts';
import { sqlStateOf } from './errors.ts';

/** Hears of what operators count. */
export type DbWatch = {
  /** Somebody waited so long for a connection, whether one came or not. */
  waited(ms: number): void;
  /** A statement or a transaction failed; null where the server said nothing. */
  failed(sqlState: string | null): void;
  /** A transaction is tried again. */
  retried(): void;
};

export const unwatched: DbWatch = { waited() {}, failed() {}, retried() {} };

/** Times every use of the pool, those of Prisma among them: all come through `connect`. */
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

/** Tells of what the database, and not the application, made of a statement or a transaction. */
export function watchFailure(watch: DbWatch, thrown: unknown): void {
  const sqlState = sqlStateOf(thrown instanceof Failure ? thrown.cause : thrown);
  if (sqlState !== undefined) watch.failed(sqlState);
}
