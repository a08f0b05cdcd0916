import type pg from 'pg';

/** The outbox numbers events and looks for what is due whenever it likes; no call sends these statements. */
const ofTheOutbox = /number_events|pg_notify|changes_channel|@?"?due"? d JOIN/;

const textOf = (statement: unknown): string => {
  const { text = statement }: { text?: unknown } = Object(statement);
  return typeof text === 'string' ? text : '';
};

/**
 * Collects the statements that calls send through a pool from now on, BEGIN and COMMIT too. Returns a function that gives
 * their texts and begins anew.
 */
export function collectStatements(pool: pg.Pool): () => string[] {
  let texts: string[] = [];
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.query = new Proxy(client.query, {
      apply(query, self, given) {
        const text = textOf(given[0]);
        if (!ofTheOutbox.test(text)) texts.push(text);
        return Reflect.apply(query, self, given);
      },
    });
  });
  return () => {
    const sent = texts;
    texts = [];
    return sent;
  };
}

/** The same as a count that only grows. */
export function countStatements(pool: pg.Pool): () => number {
  const take = collectStatements(pool);
  let count = 0;
  return () => {
    count += take().length;
    return count;
  };
}

/**
 * Collects the round trips of calls, each as the texts of the statements that were answered together: BEGIN travels with the
 * first statement of its transaction.
 */
export function collectTrips(pool: pg.Pool): () => string[] {
  let trips: string[] = [];
  const under = new WeakMap<pg.PoolClient, string[]>();
  const leave = (client: pg.PoolClient) => {
    const texts = under.get(client)?.splice(0) ?? [];
    if (texts.length > 0) trips.push(texts.join('; '));
  };
  pool.on('acquire', (client) => {
    if (under.has(client)) return;
    under.set(client, []);
    client.on('drain', () => leave(client));
    client.query = new Proxy(client.query, {
      apply(query, self, given) {
        const text = textOf(given[0]);
        const texts = under.get(client) ?? [];
        // The end of a transaction in which nothing was asked: nothing was sent.
        if (/^(COMMIT|ROLLBACK)$/.test(texts.at(-1) ?? '')) texts.length = 0;
        if (!ofTheOutbox.test(text)) texts.push(text);
        return Reflect.apply(query, self, given);
      },
    });
  });
  return () => {
    const seen = trips;
    trips = [];
    return seen;
  };
}
