import { hash } from 'node:crypto';
import { isRecord, type JsonSchema, membersOf } from './json-schema.ts';

/** Builds examples of answers from the schemas of their members. */

/** Names that schemas use for the same kind of thing, so that its example id is the same in all of them. */
const alike: Readonly<Record<string, string>> = {
  account: 'user',
  actor: 'user',
  bulk: 'article',
  caller: 'user',
  draft: 'article',
  latest: 'article',
  person: 'user',
  previewed: 'article',
  sources: 'source',
  subject: 'article',
  tags: 'tag',
};

/** A UUID v7 for a kind of thing, always the same one. */
function exampleId(kind: string): string {
  const word = /^[A-Z]?[a-z]+/.exec(kind)?.[0].toLowerCase() ?? kind;
  return `0199f3c2-7a10-7cc3-9d5b-${hash('sha256', alike[word] ?? word).slice(0, 12)}`;
}

const first = (...lists: unknown[]): unknown => lists.find((list) => Array.isArray(list) && list.length > 0);

/** Where a value belongs: the named schema around it, and its member name. */
type Context = { within: string; member: string };

function exampleText({ format }: JsonSchema, { within, member }: Context): string {
  if (format === 'uuid') return exampleId(member === 'id' || member === '' ? within : member);
  if (format === 'date-time') return '2026-03-01T00:00:00.000Z';
  return format === 'uri' ? 'https://news.example/' : 'text';
}

/** An example of this schema with every required member, taken from its own example, its first enum value or its format. */
export function exampleOf(
  schema: JsonSchema,
  schemas: JsonSchema,
  context: Context = { within: '', member: '' },
): unknown {
  const given = first(schema.examples, schema['x-extensible-enum'], schema.enum);
  if (Array.isArray(given)) return given[0];
  if ('const' in schema) return schema.const;
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const target = schemas[name];
    return isRecord(target) ? exampleOf(target, schemas, { within: name, member: '' }) : null;
  }
  const branches = first(schema.anyOf, schema.oneOf);
  if (Array.isArray(branches) && isRecord(branches[0])) return exampleOf(branches[0], schemas, context);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        membersOf(schema).flatMap(({ name, required, schema: member }) =>
          required ? [[name, exampleOf(member, schemas, { ...context, member: name })]] : [],
        ),
      );
    case 'array':
      return isRecord(schema.items) ? [exampleOf(schema.items, schemas, context)] : [];
    case 'string':
      return exampleText(schema, context);
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** An example with the route's own values. Objects are merged by member and lists by item; any other value is replaced. */
export function exampleWith(made: unknown, own: unknown): unknown {
  if (Array.isArray(own)) {
    const items = Array.isArray(made) ? made : [];
    return own.map((item, index) => exampleWith(items[index] ?? items[0], item));
  }
  if (!isRecord(own) || !isRecord(made)) return own;
  const members = Object.entries(own).map(([name, value]) => [name, exampleWith(made[name], value)]);
  return { ...made, ...Object.fromEntries(members) };
}

/** The beginnings of answers that are not JSON, by media type. */
export const textExamples: Readonly<Record<string, string>> = {
  'application/yaml': 'openapi: 3.1.0\n',
  'text/css': 'body { margin: 0; }\n',
  'text/html': '<!doctype html>\n<html lang="en"></html>\n',
  'text/javascript': '(() => {})();\n',
  'text/plain': '# HELP khobor_build_info The version of the program.\n',
};
