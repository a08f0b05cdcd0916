import type pg from 'pg';
import { type Asked, queryOf } from './lean-query.ts';

/**
 * What was waited for is looked at afterwards, and nothing is numbered by a snapshot from before its lock: so each statement
 * has a snapshot of its own, also where the role or the database begins transactions otherwise.
 */
export const beginText = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** A server that answered this lately is taken to be there. Of another, BEGIN asks, which is given less time than a statement. */
const trustMs = 1_000;

/** What stands in the place of an answer to what was not sent. */
const nothing = { command: '', rowCount: null, oid: 0, fields: [], rows: [] };

const endings = new Map<string, string>();
const withoutEnding = new Map<string, string>();

/** The text by which a statement asks that COMMIT be sent with it: Prisma's adapter passes on nothing else of ours. */
export function endingWith(text: string): string {
  const before = endings.get(text);
  if (before !== undefined) return before;
  const ending = `${text} -- and COMMIT`;
  endings.set(text, ending);
  withoutEnding.set(ending, text);
  return ending;
}

type Done = (error: Error | undefined, result: unknown) => void;
type Whole = { query: pg.Query; answered: Done; committed(): boolean };
type Beside = { begin: boolean; commit: boolean };

const askedOf = (given: unknown): Asked => (typeof given === 'string' ? { text: given } : Object(given));

const send = (connection: pg.Connection, text: string) => {
  connection.parse({ name: '', text, types: [] }, true);
  connection.bind({}, true);
  connection.execute(null, true);
};

/** The connection as a query sees it that COMMIT follows. A query that could not be sent is not followed by one. */
function committing(connection: pg.Connection): pg.Connection {
  let executes = false;
  return Object.assign(Object.create(connection), {
    execute(...how: Parameters<pg.Connection['execute']>) {
      executes = true;
      connection.execute(...how);
    },
    sync() {
      if (executes) send(connection, 'COMMIT');
      connection.sync();
    },
  });
}

/**
 * A query with BEGIN before it or COMMIT after it, in one writing and one answer. There is no Sync between them: after what is
 * refused, the server passes over the rest. Where the server ends the connection instead of answering COMMIT, nobody knows
 * whether that was carried out: this is a connection that was lost, whatever the server says.
 */
function together(asked: Asked, { begin, commit }: Beside, done: Done): Whole {
  const own = begin ? 2 : 1;
  let ended = 0;
  const answered: Done = (error, result) => {
    const lost = error !== undefined && error !== null && ended >= own && /^(08|57P)/.test(String(Object(error).code));
    done(lost ? new Error('Connection terminated unexpectedly', { cause: error }) : error, result);
  };
  const query = queryOf({ ...asked, queryMode: 'extended' });
  const { submit } = query;
  query.submit = (connection) => {
    connection.stream.cork();
    try {
      if (begin) send(connection, beginText);
      return Reflect.apply(submit, query, [commit ? committing(connection) : connection]);
    } finally {
      connection.stream.uncork();
    }
  };
  const handleCommandComplete: unknown = Reflect.get(query, 'handleCommandComplete');
  if (typeof handleCommandComplete !== 'function') throw new Error('pg handles the end of a statement in another way');
  const handled = (...given: unknown[]) => {
    ended += 1;
    if (ended === own) Reflect.apply(handleCommandComplete, query, given);
  };
  return { query: Object.assign(query, { handleCommandComplete: handled }), answered, committed: () => ended > own };
}

const isEnd = (text: string) => text === 'COMMIT' || text === 'ROLLBACK';

/**
 * Sends BEGIN together with the first statement of its transaction, and COMMIT with one that asks for it, which saves a round
 * trip each. Where a transaction has no statement, nothing is sent. A connection prepares a statement only after a BEGIN of
 * its own: pg takes the first thing that was parsed for the statement. Returns a function for the end of a connection's use.
 */
export function sendTogether(client: pg.PoolClient): () => void {
  /** Whether BEGIN has been asked for and not been sent; whether COMMIT has been carried out and not been asked for. */
  let [waiting, isOver, isInside] = [false, false, false];
  let heardAt = Number.NEGATIVE_INFINITY;
  const prepared = new Set<string>();
  client.on('drain', () => {
    heardAt = performance.now();
  });
  client.query = new Proxy(client.query, {
    apply(query, self, given) {
      if (given.length > 1) return Reflect.apply(query, self, given);
      const asked = askedOf(given[0]);
      const { name } = asked;
      if (asked.text === beginText) {
        [waiting, isOver, isInside] = [performance.now() - heardAt < trustMs, false, true];
        return waiting ? Promise.resolve(nothing) : Reflect.apply(query, self, given);
      }
      if (!isInside) return Reflect.apply(query, self, given);
      if (isEnd(asked.text)) {
        const isUnsent = waiting || isOver;
        [waiting, isOver, isInside] = [false, false, false];
        return isUnsent ? Promise.resolve(nothing) : Reflect.apply(query, self, given);
      }
      const text = withoutEnding.get(asked.text);
      const commit = text !== undefined;
      const statement = commit ? { ...asked, text } : asked;
      const ask = (begin: boolean): Promise<unknown> =>
        begin || commit
          ? new Promise((resolve, reject) => {
              const {
                query: whole,
                answered,
                committed,
              } = together(statement, { begin, commit }, (error, result) => {
                isOver = committed();
                if (error) reject(error);
                else resolve(result);
              });
              Reflect.apply(query, self, [whole, undefined, answered]);
            })
          : Reflect.apply(query, self, given);
      if (!waiting) return ask(false);
      waiting = false;
      if (!name || prepared.has(name)) return ask(true);
      const begun: Promise<unknown> = Reflect.apply(query, self, [beginText]);
      return begun
        .then(() => ask(false))
        .then((result) => {
          prepared.add(name);
          return result;
        });
    },
  });
  return () => {
    [waiting, isOver, isInside] = [false, false, false];
  };
}
