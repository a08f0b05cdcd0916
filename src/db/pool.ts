import pg from 'pg';
import { sendLean } from './lean-query.ts';
import { watchLocks } from './lock-patience.ts';
import { sendTogether } from './sent-together.ts';
import { verifySession } from './sessions.ts';

export type Pool = {
  readonly pool: pg.Pool;
  /** Closes the connections made until now: idle ones at once, others on release. At most once a second without `evenAgain`. */
  retire(how?: { evenAgain: boolean }): void;
  /** Whether every connection is in use. One that is still being made, perhaps to a silent server, is not in use. */
  isFull(): boolean;
};

const retireEveryMs = 1_000;

/**
 * The only pool. `onError` gets errors of idle connections; the pool replaces them. With `ownSessions`, each new connection
 * is checked for the settings that it asked for.
 */
export function openPool(config: pg.PoolConfig, ownSessions: boolean, onError: (error: Error) => void): Pool {
  const { query_timeout: patienceMs = Number.POSITIVE_INFINITY, ...settings } = config;
  const pool = new pg.Pool(ownSessions ? { ...settings, verify: verifySession(settings.options) } : settings);
  const watch = watchSilence(patienceMs);
  const generations = new WeakMap<pg.PoolClient, number>();
  const released = new WeakMap<pg.PoolClient, () => void>();
  let generation = 0;
  let retiredAt = Number.NEGATIVE_INFINITY;
  let inUse = 0;
  pool.on('error', onError);
  pool.on('connect', (client) => {
    generations.set(client, generation);
    // The statement or the pool reports the error too. Without a listener, even for a moment, it would end the process.
    client.on('error', () => {});
    watch(client);
    // `sendTogether` asks again through all that watches a query, also through what is put before it afterwards.
    let watched = client.query;
    released.set(
      client,
      sendTogether(client, () => watched),
    );
    watchLocks(client);
    watched = client.query;
  });
  pool.on('acquire', () => {
    inUse += 1;
  });
  // This runs before the pool checks whether the connection can be used again.
  pool.on('release', (_error, client) => {
    inUse -= 1;
    released.get(client)?.();
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
 * Ends a connection whose server goes silent in the middle of a statement; the statement fails with it. Otherwise the
 * ROLLBACK that follows would get no answer either, and the connection would return to the pool with an answer still due.
 * One timer serves all connections. pg's `query_timeout` would set one for each statement, and then a third of all that is
 * read would survive into the garbage collector's old generation.
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
        return sendLean(query, self, given);
      },
    });
    const answered = () => void waitingSince.delete(client);
    client.on('drain', answered);
    client.on('end', answered);
  };
}
