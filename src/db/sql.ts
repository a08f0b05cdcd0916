import type { Ref } from '../core/ref.ts';

/**
 * One SQL statement. `@name` stands for a table of ours and becomes `"schema"."name"`. A statement with a `name` is
 * prepared once on each connection and then reused; one whose text depends on the request has none. `timeoutMs`: how
 * long its answer is waited for, where that is less than for others.
 */
export type Statement = { readonly name?: string; readonly text: string; readonly timeoutMs?: number };

export type Value = string | number | boolean | null | readonly string[];
export type Values = readonly Value[];

const tableMark = /@(?=[a-z_]+\b)/g;

/** A function that puts the schema before each table of a statement; texts that recur are worked out once. */
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

/** Whether a statement may have to wait for a row that another transaction holds. */
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

/** SQL for the row of `alias` that a reference names; its word (`keyOf`) is at `place`. */
export const isNamed = (ref: Ref, alias: string, place: string, typeOfSlug: '::text' | '' = '::text'): string =>
  'id' in ref ? `${alias}.id = ${place}::uuid` : `${alias}.slug = ${place}${typeOfSlug}`;

/** Takes a value and gives the next `$n`. */
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
