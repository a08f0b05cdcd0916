import pg from 'pg';
import { watchLocks } from './lock-patience.ts';
import { verifySession } from './sessions.ts';

export type Pool = {
  readonly pool: pg.Pool;
  /** Lets go of the connections made until now: idle ones at once, others when they are given back. */
  retire(how?: { evenAgain: boolean }): void;
  /** Whether every connection is in use: none is idle, and none is being made that a silent server keeps from coming. */
  isFull(): boolean;
};

const retireEveryMs = 1_000;

/**
 * The one pool. `onError` hears of idle connections that break; the pool replaces them. With `ownSessions` each new
 * connection must have the settings that it asked for.
 */
export function openPool(config: pg.PoolConfig, ownSessions: boolean, onError: (error: Error) => void): Pool {
  const { query_timeout: patienceMs = Number.POSITIVE_INFINITY, ...settings } = config;
  const pool = new pg.Pool(ownSessions ? { ...settings, verify: verifySession(settings.options) } : settings);
  const watch = watchSilence(patienceMs);
  const generations = new WeakMap<pg.PoolClient, number>();
  let generation = 0;
  let retiredAt = Number.NEGATIVE_INFINITY;
  let inUse = 0;
  pool.on('error', onError);
  pool.on('connect', (client) => {
    generations.set(client, generation);
    // Statement or pool say it too; heard by nobody for a moment, it would end the process.
    client.on('error', () => {});
    watch(client);
    watchLocks(client);
  });
  pool.on('acquire', () => {
    inUse += 1;
  });
  // Heard before the pool looks whether the connection can be used again.
  pool.on('release', (_error, client) => {
    inUse -= 1;
    if (generations.get(client) !== generation) end(client);
  });
  return {
    pool,
    isFull: () => inUse >= pool.options.max,
    retire({ evenAgain } = { evenAgain: false }) {
      const now = performance.now();
      if (!evenAgain && now - retiredAt < retireEveryMs) return;
      retiredAt = now;
      generation += 1;
      for (let idle = pool.idleCount; idle > 0; idle -= 1)
        pool.connect().then(
          (client) => client.release(),
          () => {},
        );
    },
  };
}

function end(client: pg.PoolClient): void {
  if (client instanceof pg.Client) client.end().catch(() => {});
}

const lookEveryMs = 200;

/**
 * A connection whose server went silent in the middle of a statement is ended, and the statement fails with it: left to
 * itself it would take the ROLLBACK that follows into the same silence, and go back to the pool with an answer still to
 * come. One timer looks after all connections. `query_timeout` of pg sets one for each statement, and with that a third of
 * all that is read lives on into the old generation.
 */
function watchSilence(patienceMs: number): (client: pg.PoolClient) => void {
  const waitingSince = new Map<pg.PoolClient, number>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const now = performance.now();
    for (const [client, since] of waitingSince) {
      if (now - since < patienceMs) continue;
      waitingSince.delete(client);
      end(client);
    }
    if (waitingSince.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return (client) => {
    client.query = new Proxy(client.query, {
      apply(query, self, given) {
        waitingSince.set(client, performance.now());
        timer ??= setInterval(look, lookEveryMs).unref();
        return Reflect.apply(query, self, given);
      },
    });
    const answered = () => void waitingSince.delete(client);
    client.on('drain', answered);
    client.on('end', answered);
  };
}
