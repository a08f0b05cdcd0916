import pg from 'pg';

/**
 * What was waited for is looked at afterwards, and nothing is numbered by a snapshot from before its lock: so each statement
 * has a snapshot of its own, also where the role or the database begins transactions otherwise.
 */
export const beginText = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** A server that answered this lately is taken to be there. Of another, BEGIN asks, which is given less time than a statement. */
const trustMs = 1_000;

/** What stands in the place of an answer to what was not sent. */
const nothing = { command: '', rowCount: null, oid: 0, fields: [], rows: [] };

type Asked = { text: string; name?: string | undefined };
type Done = (error: Error | undefined, result: unknown) => void;

const askedOf = (given: unknown): Asked => (typeof given === 'string' ? { text: given } : Object(given));

/**
 * A query with BEGIN before it, in one writing and one answer. There is no Sync between them: where BEGIN is refused, the
 * server passes over the statement, which would otherwise be a transaction of its own.
 */
function withBegin(asked: Asked, done: Done): pg.Query {
  const how = { queryMode: 'extended' };
  const query = new pg.Query({ ...asked, ...how }, done);
  const { submit } = query;
  query.submit = (connection) => {
    connection.stream.cork();
    try {
      connection.parse({ name: '', text: beginText, types: [] }, true);
      connection.bind({}, true);
      connection.execute(null, true);
      return Reflect.apply(submit, query, [connection]);
    } finally {
      connection.stream.uncork();
    }
  };
  const handleCommandComplete: unknown = Reflect.get(query, 'handleCommandComplete');
  if (typeof handleCommandComplete !== 'function') throw new Error('pg handles the end of a statement in another way');
  let begun = false;
  const ended = (...given: unknown[]) => {
    if (begun) return Reflect.apply(handleCommandComplete, query, given);
    begun = true;
  };
  return Object.assign(query, { handleCommandComplete: ended });
}

/**
 * Sends BEGIN together with the first statement of its transaction, which saves a round trip. Where there is none, nothing is
 * sent. A connection prepares a statement only after a BEGIN of its own: pg takes the first thing that was parsed for the
 * statement. Returns a function for the end of a connection's use.
 */
export function beginLate(client: pg.PoolClient): () => void {
  let waiting = false;
  let heardAt = Number.NEGATIVE_INFINITY;
  const prepared = new Set<string>();
  client.on('drain', () => {
    heardAt = performance.now();
  });
  client.query = new Proxy(client.query, {
    apply(query, self, given) {
      const asked = askedOf(given[0]);
      const send = () => Reflect.apply(query, self, given);
      if (asked.text === beginText) {
        waiting = performance.now() - heardAt < trustMs;
        return waiting ? Promise.resolve(nothing) : send();
      }
      if (!waiting) return send();
      waiting = false;
      if (/^(COMMIT|ROLLBACK)$/.test(asked.text)) return Promise.resolve(nothing);
      const { name } = asked;
      if (given.length > 1 || (name && !prepared.has(name))) {
        const begun: Promise<unknown> = Reflect.apply(query, self, [beginText]);
        return begun.then(send).then((result: unknown) => {
          if (name) prepared.add(name);
          return result;
        });
      }
      return new Promise((resolve, reject) => {
        const done: Done = (error, result) => (error ? reject(error) : resolve(result));
        Reflect.apply(query, self, [withBegin(asked, done)]);
      });
    },
  });
  return () => {
    waiting = false;
  };
}
