import { type Endpoint, runsOnce } from '../endpoint.ts';
import { valuesMax } from '../schema/values.ts';
import { type Components, type JsonSchema, membersOf } from './json-schema.ts';

const parameterDescriptions: Readonly<Record<string, JsonSchema>> = {
  id: { description: 'The id, in lower case.', schema: { type: 'string', format: 'uuid' } },
  previewId: { description: 'The id of the link.', schema: { type: 'string', format: 'uuid' } },
  token: { description: 'The last part of the link.', schema: { type: 'string' } },
  version: { description: 'The number of the version.', schema: { type: 'integer', minimum: 1 }, example: 3 },
  file: { description: 'The name of the file.', schema: { type: 'string' } },
  sourceItemId: {
    description:
      "The wire's own id of the item, percent-encoded, case kept. Canonically equivalent spellings are one id; one with tabs, line breaks, no-break spaces, characters that do not show, or blanks at its ends is 400.",
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: 'tag:reuters.com,2026:newsml_L8N/1',
  },
  idOrSlug: {
    description: 'The id (in lower case), or the slug in any spelling or case.',
    schema: { type: 'string' },
    example: 'নদীর-পানি-বাড়ছে',
  },
};

/** The headers that many operations read. */
export const headerParameters: Readonly<Record<string, JsonSchema>> = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The ETag of what you have read; of it only the version counts. `*` for any.',
    schema: { type: 'string' },
    example: '"3"',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A word of your own for this call (visible ASCII). For 24 hours a repeat with the same body gets the first answer, with `Idempotency-Replayed: true`; another body is 422, a lesser role of the caller than then 403, and 409 while the first is under way. A failure is not kept.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the copy that you have; 304 if it is still good.',
    schema: { type: 'string' },
  },
};

/** What a parameter is for, and how many values it may have where it is a comma list. */
function described(description: unknown, max: unknown): JsonSchema {
  const list = max === undefined ? [] : [`A comma list of at most ${max}.`];
  const sentences = [...(description === undefined ? [] : [description]), ...list];
  return sentences.length === 0 ? {} : { description: sentences.join(' ') };
}

function describedInPath(name: string): JsonSchema {
  const known = parameterDescriptions[name];
  if (known === undefined) throw new Error(`the parameter ${name} of a path has no description`);
  return known;
}

/** The parameters of an operation: in the path, in the query, in headers. */
export function parametersOf({ method, path, spec }: Endpoint, components: Components): JsonSchema[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...describedInPath(name),
  }));
  const query = spec.query ? membersOf(components.convert(spec.query, 'request')) : [];
  const inQuery = query.map(({ name, required, schema: { description, [valuesMax]: max, ...schema } }) => ({
    name,
    in: 'query',
    required,
    ...described(description, max),
    schema,
  }));
  const conditions = [
    ...(spec.ifMatch ? [{ $ref: '#/components/parameters/If-Match' }] : []),
    ...(method === 'get' && !spec.tagless ? [{ $ref: '#/components/parameters/If-None-Match' }] : []),
    ...(runsOnce(method, spec) ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
  ];
  return [...inPath, ...inQuery, ...conditions];
}
