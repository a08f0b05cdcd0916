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

/** What a statement asks to be sent with it: a lock before it, or COMMIT after it. */
type Wish = { readonly text: string; readonly lock?: string; readonly commit: boolean };

const wishes = new Map<string, Wish>();

/** Prisma's adapter passes on nothing of ours but the text: so that is what asks. */
function openAsking(mark: string, wish: Omit<Wish, 'text'>): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const asking = `${text} -- ${mark}`;
    known.set(text, asking);
    wishes.set(asking, { text, ...wish });
    return asking;
  };
}

/** The text by which a statement asks that COMMIT be sent with it. */
export const endingWith = openAsking('and COMMIT', { commit: true });

const behind = new Map<string, (text: string) => string>();

/**
 * The text by which a statement asks that `lock` be sent before it, which gives no row and has the statement's first two
 * values. What the statement sees is as it is once the lock is held.
 */
export function behindLock(lock: string, text: string): string {
  const asking = behind.get(lock) ?? openAsking(`behind ${lock}`, { lock, commit: false });
  behind.set(lock, asking);
  return asking(text);
}

type Done = (error: Error | undefined, result: unknown) => void;
type Whole = { query: pg.Query; answered: Done; committed(): boolean };
type Beside = { begin: boolean; lock: Asked | undefined; commit: boolean };

const askedOf = (given: unknown): Asked => (typeof given === 'string' ? { text: given } : Object(given));

const send = (connection: pg.Connection, { text, values }: Asked) => {
  connection.parse({ name: '', text, types: [] }, true);
  connection.bind(values === undefined ? {} : { values }, true);
  connection.execute(null, true);
};

const lockOf = ({ values = [] }: Asked, text: string | undefined): Asked | undefined =>
  text === undefined ? undefined : { text, values: values.slice(0, 2) };

/** The connection as a query sees it that COMMIT follows. A query that could not be sent is not followed by one. */
function committing(connection: pg.Connection): pg.Connection {
  let executes = false;
  return Object.assign(Object.create(connection), {
    execute(...how: Parameters<pg.Connection['execute']>) {
      executes = true;
      connection.execute(...how);
    },
    sync() {
      if (executes) send(connection, { text: 'COMMIT' });
      connection.sync();
    },
  });
}

/**
 * A query with BEGIN or a lock before it or COMMIT after it, in one writing and one answer. There is no Sync between them: after what is
 * refused, the server passes over the rest. Where the server ends the connection instead of answering COMMIT, nobody knows
 * whether that was carried out: this is a connection that was lost, whatever the server says.
 */
function together(asked: Asked, { begin, lock, commit }: Beside, done: Done): Whole {
  const before = [...(begin ? [{ text: beginText }] : []), ...(lock ? [lock] : [])];
  const own = before.length + 1;
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
      for (const one of before) send(connection, one);
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

/** Whether a query may have another before it: one statement as Prisma asks it, and not several in one text. */
const fits = (given: readonly unknown[], { text, values = [] }: Asked) =>
  given.length === 1 &&
  typeof given[0] === 'object' &&
  !Object.hasOwn(Object(given[0]), 'callback') &&
  (values.length > 0 || !text.includes(';'));

const callbackOf = (given: readonly unknown[]) => given.findLast((one): one is Done => typeof one === 'function');

/** The answer to what is not sent. */
function unsent(given: readonly unknown[]): Promise<unknown> | undefined {
  const callback = callbackOf(given);
  if (callback === undefined) return Promise.resolve(nothing);
  queueMicrotask(() => callback(undefined, nothing));
  return undefined;
}

/** Sends a query once what goes before it, which went alone, is answered. */
function afterOther(begun: Promise<unknown>, given: readonly unknown[], send: () => unknown, sent: () => void) {
  const callback = callbackOf(given);
  if (callback !== undefined) return void begun.then(send, (error: Error) => callback(error, undefined));
  return begun.then(send).then((result) => {
    sent();
    return result;
  });
}

const isEnd = (text: string) => text === 'COMMIT' || text === 'ROLLBACK';

/**
 * Sends BEGIN together with the first statement of its transaction, and a lock or COMMIT with one that asks for it, which saves
 * a round trip each. Where a transaction has no statement, nothing is sent. A connection prepares a statement only after a
 * BEGIN and a lock of their own, since pg takes the first thing that was parsed for the statement; it is then asked once more
 * by `again`, the query with all that watches it. Returns a function for the end of a connection's use.
 */
export function sendTogether(client: pg.PoolClient, again: () => pg.PoolClient['query']): () => void {
  /** Whether BEGIN has been asked for and not been sent; whether COMMIT has been carried out and not been asked for. */
  let [waiting, isOver, isInside] = [false, false, false];
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
        [waiting, isOver, isInside] = [performance.now() - heardAt < trustMs, false, true];
        return waiting ? unsent(given) : send();
      }
      if (!isInside) return send();
      if (isEnd(asked.text)) {
        const isUnsent = waiting || isOver;
        [waiting, isOver, isInside] = [false, false, false];
        return isUnsent ? unsent(given) : send();
      }
      const begin = waiting;
      waiting = false;
      const { name } = asked;
      const wish = wishes.get(asked.text);
      const { text = asked.text, commit = false } = wish ?? {};
      const lock = lockOf(asked, wish?.lock);
      if ((begin || lock) && !(fits(given, asked) && (!name || prepared.has(name)))) {
        const known = () => {
          if (name) prepared.add(name);
        };
        const [alone, rest] = begin ? [beginText, given] : [lock, [{ ...asked, text }, ...given.slice(1)]];
        return afterOther(Reflect.apply(query, self, [alone]), given, () => Reflect.apply(again(), self, rest), known);
      }
      if (!begin && wish === undefined) return send();
      return new Promise((resolve, reject) => {
        const whole = together({ ...asked, text }, { begin, lock, commit }, (error, result) => {
          isOver = whole.committed();
          if (error) reject(error);
          else resolve(result);
        });
        Reflect.apply(query, self, [whole.query, undefined, whole.answered]);
      });
    },
  });
  return () => {
    [waiting, isOver, isInside] = [false, false, false];
  };
}
