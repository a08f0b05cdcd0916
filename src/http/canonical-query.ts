import type { z } from 'zod';
import type { ReadQuery } from './query.ts';

const defaults = new WeakMap<z.ZodType, Readonly<Record<string, unknown>>>();

/** What the schema makes of a query that says nothing. */
function defaultsOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const known = defaults.get(schema);
  if (known !== undefined) return known;
  const { data } = schema.safeParse({});
  const made = { ...Object(data) };
  defaults.set(schema, made);
  return made;
}

/** One value as text; undefined for a kind that has no text of its own. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const { id, slug, called, at }: Readonly<Partial<Record<'id' | 'slug' | 'called' | 'at', unknown>>> = Object(value);
  if (at instanceof Date) return at.toISOString();
  // An identity key comes after a line break, and read again it is itself.
  return [id, slug, called].find((name) => typeof name === 'string')?.trim();
}

const listText = (values: readonly unknown[]): string | undefined => {
  const texts = values.map(textOf).filter((text) => text !== undefined);
  return texts.length === values.length ? [...new Set(texts)].sort().join(',') : undefined;
};

/**
 * The one spelling of a query: parameters in the order of the schema, each value as it was read, lists as sorted sets, and
 * nothing that says what is so anyway. Links are made of it, so that two spellings of one query have equal answers.
 */
function canonicalSearch(
  schema: z.ZodType | undefined,
  parsed: unknown,
  { values }: Pick<ReadQuery, 'values'>,
): string {
  if (schema === undefined) return '';
  const otherwise = defaultsOf(schema);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...Object(parsed) })) {
    if (value === undefined || value === otherwise[name]) continue;
    const text = (Array.isArray(value) ? listText(value) : textOf(value)) ?? values[name];
    if (text !== undefined) parameters.set(name, text);
  }
  return parameters.toString();
}

/** The target of a request with its query in the one spelling. */
export function canonicalTarget(target: string, ...query: Parameters<typeof canonicalSearch>): string {
  const [path = ''] = target.split('?', 1);
  const search = canonicalSearch(...query);
  return search === '' ? path : `${path}?${search}`;
}
