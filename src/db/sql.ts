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
