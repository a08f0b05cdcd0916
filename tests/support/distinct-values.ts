import { arrayOf, recordOf, resolve, type Schema } from './document.ts';

/** Values for members. The `nth` value differs from the one before it and from the default. */

const at = <Value>(values: readonly Value[], nth: number): Value | undefined => values[nth % values.length];

/** Members with a rule that their schema does not express. A plain member needs no line here. */
const chosen: Readonly<Record<string, (nth: number) => unknown>> = {
  slug: (nth) => `pratyek-sodosyo-${nth}`,
  language: (nth) => at(['en', 'fr', 'de'], nth),
  bodyFormat: (nth) => at(['markdown', 'text'], nth),
  source: (nth) => at(['tista', 'korotoya'], nth),
  tags: (nth) => at([['haat'], ['ghat', 'haat'], ['bazar', 'ghat']], nth),
  status: () => 'published',
  publishedAt: (nth) => new Date(Date.UTC(2020, 0, 1 + nth)).toISOString(),
  expiresAt: (nth) => new Date(Date.UTC(2190, 0, 1 + nth)).toISOString(),
};

/** The slugs of the labels that the values name. */
export const labelsOfValues = { tags: ['haat', 'ghat', 'bazar'], sources: ['tista', 'korotoya'] } as const;

function derived(root: Schema, given: unknown, name: string, nth: number): unknown {
  const schema = resolve(root, given);
  const branch = arrayOf(schema.anyOf ?? schema.oneOf).find((each) => resolve(root, each).type !== 'null');
  if (branch !== undefined) return derived(root, branch, name, nth);
  if (Array.isArray(schema.enum)) return at(schema.enum, nth + 1);
  if (schema.format === 'date-time') return new Date(Date.UTC(2020, 1, 1 + nth)).toISOString();
  if (schema.format === 'iri-reference' || schema.format === 'iri' || schema.format === 'uri')
    return `https://media.example/${name}/${nth}`;
  if (schema.type === 'integer') return Number(schema.minimum ?? 0) + 1 + nth;
  if (schema.type === 'boolean') return nth % 2 === 1;
  if (schema.type === 'string' && schema.pattern === undefined && schema.format === undefined)
    return `${name} ${nth}`.slice(0, typeof schema.maxLength === 'number' ? schema.maxLength : undefined);
  if (schema.type === 'array') return [derived(root, schema.items, name, nth)];
  if (schema.type !== 'object') throw new Error(`say in distinct-values.ts what is sent for ${name}`);
  const members = Object.entries(recordOf(schema.properties));
  return Object.fromEntries(members.map(([key, member]) => [key, derived(root, member, `${name}-${key}`, nth)]));
}

/** A body with every member of a schema of the document. */
export function valuesOf(root: Schema, schema: Schema, nth: number): Record<string, unknown> {
  const members = Object.entries(recordOf(schema.properties));
  return Object.fromEntries(
    members.map(([name, member]) => [name, chosen[name]?.(nth) ?? derived(root, member, name, nth)]),
  );
}

const slugOf = (value: unknown): unknown => recordOf(value).slug;

/** Turns the shown value of a member back into the one that was sent: references are sent as slugs. */
export function shownAs(member: string, value: unknown): unknown {
  if (member === 'source') return slugOf(value);
  return member === 'tags' ? arrayOf(value).map(slugOf) : value;
}
