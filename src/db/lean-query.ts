import pg from 'pg';

export type Asked = pg.QueryConfig & { rowMode?: 'array'; queryMode?: 'extended' };

const known = new Set(['text', 'values', 'name', 'rowMode', 'types', 'queryMode']);

/** Anything else is taken by pg as it is. */
function isKnown(asked: unknown): asked is Asked {
  if (typeof asked !== 'object' || asked === null || asked instanceof pg.Query) return false;
  for (const member in asked) if (!known.has(member)) return false;
  const { text }: Partial<Asked> = asked;
  return typeof text === 'string';
}

let made: Asked = { text: '' };

/** Has the members of what is being made, and none of its own. */
const config: Asked = Object.create({
  get text() {
    return made.text;
  },
  get values() {
    return made.values;
  },
  get name() {
    return made.name;
  },
  get rowMode() {
    return made.rowMode;
  },
  get types() {
    return made.types;
  },
  get queryMode() {
    return made.queryMode;
  },
});

/**
 * What pg makes of a statement. pg copies an object that it is given, own member by own member, descriptor by descriptor: that
 * takes 8 to 15 µs for each statement, a twentieth of what a read needs. Of an object without own members it takes none.
 */
export function queryOf(asked: Asked): pg.Query {
  made = asked;
  return new pg.Query(config);
}

/** Sends what pg's `query` is asked. */
export function sendLean(send: pg.ClientBase['query'], client: unknown, given: readonly unknown[]): unknown {
  const [asked, values, callback] = given;
  if (values !== undefined || !isKnown(asked)) return Reflect.apply(send, client, given);
  const query = queryOf(asked);
  if (typeof callback === 'function') return Reflect.apply(send, client, [query, undefined, callback]);
  return new Promise((resolve, reject) => {
    const done = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
    Reflect.apply(send, client, [query, undefined, done]);
  });
}
