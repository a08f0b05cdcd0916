import { hash } from 'node:crypto';
import { isRecord, type JsonSchema, membersOf } from './json-schema.ts';

/** Examples of answers, made of what the schemas say of their members. */

/** What one thing is called by several schemas: an id of it is the same in all of them. */
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

/** A UUID of version 7 for each kind of thing. */
export function exampleId(kind: string): string {
  const word = /^[A-Z]?[a-z]+/.exec(kind)?.[0].toLowerCase() ?? kind;
  return `0199f3c2-7a10-7cc3-9d5b-${hash('sha256', alike[word] ?? word).slice(0, 12)}`;
}

const first = (...lists: unknown[]): unknown => lists.find((list) => Array.isArray(list) && list.length > 0);

/** Where a value stands: the named schema that it is in, and the member. */
type Place = { within: string; member: string };

function exampleText({ format }: JsonSchema, { within, member }: Place): string {
  if (format === 'uuid') return exampleId(member === 'id' || member === '' ? within : member);
  if (format === 'date-time') return '2026-03-01T00:00:00.000Z';
  return format === 'uri' ? 'https://news.example/' : 'text';
}

/** An answer of this schema: every member that is required, each as its own example, its first word or its format says. */
export function exampleOf(schema: JsonSchema, schemas: JsonSchema, place: Place = { within: '', member: '' }): unknown {
  const given = first(schema.examples, schema['x-extensible-enum'], schema.enum);
  if (Array.isArray(given)) return given[0];
  if ('const' in schema) return schema.const;
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const target = schemas[name];
    return isRecord(target) ? exampleOf(target, schemas, { within: name, member: '' }) : null;
  }
  const branches = first(schema.anyOf, schema.oneOf);
  if (Array.isArray(branches) && isRecord(branches[0])) return exampleOf(branches[0], schemas, place);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        membersOf(schema).flatMap(({ name, required, schema: member }) =>
          required ? [[name, exampleOf(member, schemas, { ...place, member: name })]] : [],
        ),
      );
    case 'array':
      return isRecord(schema.items) ? [exampleOf(schema.items, schemas, place)] : [];
    case 'string':
      return exampleText(schema, place);
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** An example with what a route has otherwise: members of objects and items of lists one by one, all else whole. */
export function exampleWith(made: unknown, own: unknown): unknown {
  if (Array.isArray(own)) {
    const items = Array.isArray(made) ? made : [];
    return own.map((item, index) => exampleWith(items[index] ?? items[0], item));
  }
  if (!isRecord(own) || !isRecord(made)) return own;
  const members = Object.entries(own).map(([name, value]) => [name, exampleWith(made[name], value)]);
  return { ...made, ...Object.fromEntries(members) };
}

/** What answers that are no JSON begin like. */
export const textExamples: Readonly<Record<string, string>> = {
  'application/yaml': 'openapi: 3.1.0\n',
  'text/css': 'body { margin: 0; }\n',
  'text/html': '<!doctype html>\n<html lang="en"></html>\n',
  'text/javascript': '(() => {})();\n',
  'text/plain': '# HELP khobor_build_info The version of the program.\n',
};
