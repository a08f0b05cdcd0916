import type { Ref } from '../core/ref.ts';

/**
 * One SQL statement. `@name` stands for one of our tables and becomes `"schema".name`. A statement with a `name` is
 * prepared once on each connection and then reused; one whose text depends on the request has no name. `timeoutMs`: a
 * shorter time limit for the answer than the usual one.
 */
export type Statement = { readonly name?: string; readonly text: string; readonly timeoutMs?: number };

export type Value = string | number | boolean | null | readonly string[];
export type Values = readonly Value[];

const tableMark = /@(?=[a-z_]+\b)/g;

/** Returns a function that puts the schema before each table of a statement; results are cached by text. */
export function qualify(schema: string): (text: string) => string {
  const known = new Map<string, string>();
  const prefix = `"${schema.replaceAll('"', '""')}".`;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const qualified = text.replace(tableMark, prefix);
    if (known.size < 500) known.set(text, qualified);
    return qualified;
  };
}

/**
 * The names under which connections keep statements prepared, by their text: Prisma's adapter sees only the text of a
 * statement.
 */
export function openNames() {
  const names = new Map<string, string>();
  return {
    /** Remembers the name of a statement. Returns its text. */
    keep(text: string, name: string | undefined): string {
      if (name !== undefined && !names.has(text)) names.set(text, name);
      return text;
    },
    /** Empty for a statement without a name, which is not prepared. */
    of: (text: string): string => names.get(text) ?? '',
  };
}
export type StatementNames = ReturnType<typeof openNames>;

/** Whether a statement may have to wait for a lock that another transaction holds. */
export function openWaits(): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const waits = waitingWords.test(text);
    if (known.size < 500) known.set(text, waits);
    return waits;
  };
}
const waitingWords =
  /\b(INSERT INTO|UPDATE|DELETE FROM|FOR (NO KEY )?UPDATE|FOR (KEY )?SHARE|LOCK TABLE|pg_advisory_xact_lock)\b/;

/** An SQL condition for the row of `alias` that a reference names. `placeholder` is the parameter that holds its `keyOf`. */
export const isNamed = (ref: Ref, alias: string, placeholder: string, typeOfSlug: '::text' | '' = '::text'): string =>
  'id' in ref ? `${alias}.id = ${placeholder}::uuid` : `${alias}.slug = ${placeholder}${typeOfSlug}`;

/**
 * SQL conditions that always hold, for rows of which PostgreSQL should expect few: those of an array, and those of a range
 * that begins at a parameter. It knows their number only where it plans a statement for these very values. Such a plan looks
 * cheaper than the one for all values, so that it would plan each call anew, which takes longer than to run it.
 */
export const expectFew = {
  text: (value: string) => `length(${value}) BETWEEN 0 AND 1000000`,
  number: (value: string) => `${value} + 0 BETWEEN 0 AND 9000000000000000000`,
};

export type Bind = (value: Value) => string;

/** Collects the values of a statement while its text is put together: `bind(value)` gives the next `$n`. */
export function binder(first: Values = []): { bind: Bind; values: Value[] } {
  const values: Value[] = [...first];
  return {
    values,
    bind(value) {
      values.push(value);
      return `$${values.length}`;
    },
  };
}

/** The places of named parameters in a statement of fixed text, as `$n::type`, and their values in that order. */
export function parameters<Name extends string>(names: readonly Name[], typeOf: (name: Name) => string) {
  const places = new Map(names.map((name, index) => [name, `$${index + 1}::${typeOf(name)}`]));
  return {
    at(name: Name): string {
      const place = places.get(name);
      if (place === undefined) throw new Error(`the statement has no parameter ${name}`);
      return place;
    },
    bind: (values: Readonly<Record<Name, Value>>): Value[] => names.map((name) => values[name]),
  };
}
