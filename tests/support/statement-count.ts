import type pg from 'pg';

/** Counts the statements sent through a pool from now on, BEGIN and COMMIT too. Returns a function that reads the count. */
export function countStatements(pool: pg.Pool): () => number {
  let count = 0;
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.query = new Proxy(client.query, {
      apply(query, self, given) {
        count += 1;
        return Reflect.apply(query, self, given);
      },
    });
  });
  return () => count;
}
