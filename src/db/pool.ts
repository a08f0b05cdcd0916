import pg from 'pg';

export type Pool = {
  readonly pool: pg.Pool;
  /** Lets go of the connections made until now: idle ones at once, others when they are given back. */
  retire(): void;
};

const retireEveryMs = 1_000;

/**
 * The one pool. `onError` hears of idle connections that break; the pool replaces them. With `ownSessions` each new
 * connection must have the settings that it asked for.
 */
export function openPool(config: pg.PoolConfig, ownSessions: boolean, onError: (error: Error) => void): Pool {
  const pool = new pg.Pool(ownSessions ? { ...config, verify: verifySession } : config);
  const generations = new WeakMap<pg.PoolClient, number>();
  let generation = 0;
  let retiredAt = Number.NEGATIVE_INFINITY;
  pool.on('error', onError);
  pool.on('connect', (client) => {
    generations.set(client, generation);
    // Statement or pool say it too; heard by nobody for a moment, it would end the process.
    client.on('error', () => {});
    endAtTimeout(client);
  });
  // Heard before the pool looks whether the connection can be used again.
  pool.on('release', (_error, client) => {
    if (generations.get(client) !== generation) end(client);
  });
  return {
    pool,
    retire() {
      const now = performance.now();
      if (now - retiredAt < retireEveryMs) return;
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

/**
 * A connection whose server went silent in the middle of a statement is ended with it. It would take the ROLLBACK that
 * follows into the same silence, and go back to the pool with an answer still to come.
 */
function endAtTimeout(client: pg.PoolClient): void {
  client.query = new Proxy(client.query, {
    apply(query, self, given) {
      const result: unknown = Reflect.apply(query, self, given);
      if (result instanceof Promise)
        result.catch((error: unknown) => {
          if (error instanceof Error && error.message === 'Query read timeout') end(client);
        });
      return result;
    },
  });
}

/**
 * Some poolers leave out in silence what a connection asks for. Without UTC every instant would be stored shifted, so
 * that such a connection is not used at all.
 */
function verifySession(client: pg.PoolClient, done: (error?: Error) => void): void {
  client
    .query<{ zone: string }>("SELECT current_setting('TimeZone') AS zone")
    .then(({ rows }) => done(/^(Etc\/)?UTC$/.test(rows[0]?.zone ?? '') ? undefined : new Error(sessionsNotOurs)), done);
}

const sessionsNotOurs =
  'DATABASE_PREPARE: sessions do not keep their settings, as behind a transaction pooler; set it to off';
