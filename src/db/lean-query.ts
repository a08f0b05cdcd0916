import pg from 'pg';

type Asked = { text: string; values?: unknown[]; name?: string };

const known = new Set(['text', 'values', 'name']);

/** Anything else is taken by pg as it is: what Prisma's adapter asks too, whose rows are arrays. */
function isPlain(asked: unknown): asked is Asked {
  if (typeof asked !== 'object' || asked === null || asked instanceof pg.Query) return false;
  for (const member in asked) if (!known.has(member)) return false;
  const { text }: Partial<Asked> = asked;
  return typeof text === 'string';
}

/**
 * Sends what pg's `query` is asked. pg copies an object that it is given, descriptor by descriptor: that takes 4 to 20 µs for
 * each statement, up to a twentieth of what a read needs. A query made of a text and values is not copied.
 */
export function sendLean(send: pg.ClientBase['query'], client: unknown, given: readonly unknown[]): unknown {
  const [config, values, callback] = given;
  if (values !== undefined || !isPlain(config)) return Reflect.apply(send, client, given);
  const query = Object.assign(new pg.Query(config.text, config.values), { name: config.name });
  if (typeof callback === 'function') return Reflect.apply(send, client, [query, undefined, callback]);
  return new Promise((resolve, reject) => {
    const done = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
    Reflect.apply(send, client, [query, undefined, done]);
  });
}
