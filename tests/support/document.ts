import type { TestApp } from './app.ts';

export type Schema = { readonly [key: string]: unknown };

export const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const recordOf = (value: unknown): Schema => (isRecord(value) ? value : {});
export const arrayOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export type Parameter = { name: string; in: string; required: boolean; schema: Schema };
export type Operation = {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  readonly path: string;
  readonly id: string;
  /** The operation object of the document. */
  readonly said: Schema;
  readonly parameters: readonly Parameter[];
  /** The schema of its body by media type; none where it takes no body. */
  readonly bodies: Readonly<Record<string, Schema>>;
};

/** The OpenAPI document as clients get it. */
export type ApiDocument = { readonly root: Schema; readonly operations: readonly Operation[] };

/** Follows a reference in the document; any other object is returned as it is. */
export function resolve(root: Schema, value: unknown): Schema {
  const ref = recordOf(value).$ref;
  if (typeof ref !== 'string') return recordOf(value);
  const target = ref
    .slice(2)
    .split('/')
    .reduce<unknown>((inner, key) => recordOf(inner)[key], root);
  if (!isRecord(target)) throw new Error(`${ref} leads nowhere`);
  return resolve(root, target);
}

const methods = ['get', 'post', 'patch', 'put', 'delete'] as const;

export async function readDocument(app: TestApp): Promise<ApiDocument> {
  const root: Schema = (await app.request('get', '/openapi.json').expect(200)).body;
  const operations = Object.entries(recordOf(root.paths)).flatMap(([path, item]) =>
    methods.flatMap((method): Operation[] => {
      const said = recordOf(item)[method];
      if (!isRecord(said)) return [];
      const parameters = arrayOf(said.parameters).map((parameter): Parameter => {
        const { name, in: location, required, schema } = resolve(root, parameter);
        return { name: String(name), in: String(location), required: required === true, schema: recordOf(schema) };
      });
      const content = Object.entries(recordOf(recordOf(said.requestBody).content));
      const bodies = Object.fromEntries(content.map(([type, media]) => [type, recordOf(recordOf(media).schema)]));
      return [{ method, path, id: String(said.operationId), said, parameters, bodies }];
    }),
  );
  return { root, operations };
}

/** Every object of the document with the place where it is. */
export function* objectsOf(value: unknown, place = ''): Generator<[string, Schema]> {
  if (Array.isArray(value)) for (const [index, inner] of value.entries()) yield* objectsOf(inner, `${place}/${index}`);
  if (!isRecord(value)) return;
  yield [place, value];
  for (const [key, inner] of Object.entries(value)) yield* objectsOf(inner, `${place}/${key}`);
}

/** The schemas that a value refers to, and those that these refer to. */
export function reachedFrom(root: Schema, start: unknown): Schema[] {
  const seen = new Set<string>();
  const walk = (value: unknown): void => {
    for (const [, { $ref }] of objectsOf(value)) {
      if (typeof $ref !== 'string' || seen.has($ref)) continue;
      seen.add($ref);
      walk(resolve(root, { $ref }));
    }
  };
  walk(start);
  const schemas = recordOf(recordOf(root.components).schemas);
  return [...seen].map((ref) => schemas[ref.replace('#/components/schemas/', '')]).filter(isRecord);
}
