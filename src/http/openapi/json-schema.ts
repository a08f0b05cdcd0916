import { z } from 'zod';

export type JsonSchema = { [key: string]: unknown };

export const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const annotations = new Set(['description', 'examples', 'default']);

/** `type: [x, 'null']` becomes `anyOf`: null is always written in this way, which common client generators understand. */
function withOneNull(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema;
  if (!Array.isArray(type)) return schema;
  const about = Object.entries(rest).filter(([key]) => annotations.has(key));
  const rules = Object.entries(rest).filter(([key]) => !annotations.has(key));
  const branches = type.map((each) =>
    each === 'null' ? { type: each } : { type: each, ...Object.fromEntries(rules) },
  );
  return { ...Object.fromEntries(about), anyOf: branches };
}

/** Rewrites zod's output for the document: references to `$defs` become references to components. */
function withComponentRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentRefs);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).map(([key, inner]) => [
    key,
    key === '$ref' && typeof inner === 'string'
      ? inner.replace('#/$defs/', '#/components/schemas/')
      : withComponentRefs(inner),
  ]);
  return withOneNull(Object.fromEntries(members));
}

/**
 * Turns zod schemas into those of an OpenAPI 3.1 document (JSON Schema 2020-12), and gathers the named ones as
 * components. `request` keeps objects strict; `reply` leaves them open and marks enums `x-extensible-enum`, so that
 * clients survive a new field and a new word.
 */
export function openComponents() {
  const schemas: JsonSchema = {};
  const convertAnew = (schema: z.ZodType, use: 'request' | 'reply'): JsonSchema => {
    const converted = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        if ('example' in jsonSchema) {
          jsonSchema.examples = [jsonSchema.example];
          delete jsonSchema.example;
        }
        // zod's bounds of every integer, not limits of ours.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (use === 'reply' && Array.isArray(jsonSchema.enum)) {
          jsonSchema['x-extensible-enum'] = jsonSchema.enum;
          delete jsonSchema.enum;
        }
        if (use === 'reply' && 'const' in jsonSchema) {
          jsonSchema['x-extensible-enum'] = [jsonSchema.const];
          delete jsonSchema.const;
        }
      },
    });
    const { $schema: _, $defs, ...rest } = converted;
    for (const [name, definition] of Object.entries($defs ?? {})) {
      const moved = withComponentRefs(definition);
      if (schemas[name] !== undefined && JSON.stringify(schemas[name]) !== JSON.stringify(moved)) {
        throw new Error(`two schemas are named ${name}`);
      }
      schemas[name] = moved;
    }
    const moved = withComponentRefs(rest);
    return isRecord(moved) ? moved : {};
  };
  // Operations share schemas, and each is asked for several times: for the answer, its examples and its components.
  const known = { request: new Map<z.ZodType, JsonSchema>(), reply: new Map<z.ZodType, JsonSchema>() };
  const convert: typeof convertAnew = (schema, use) => {
    const before = known[use].get(schema);
    if (before !== undefined) return before;
    const made = convertAnew(schema, use);
    known[use].set(schema, made);
    return made;
  };
  return { schemas, convert };
}

export type Components = ReturnType<typeof openComponents>;

/** The members of an object schema, each with its own schema and whether it must be there. */
export function membersOf(schema: JsonSchema): { name: string; required: boolean; schema: JsonSchema }[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).flatMap(([name, member]) =>
    isRecord(member) ? [{ name, required: required.includes(name), schema: member }] : [],
  );
}
