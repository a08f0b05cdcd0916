import { type Endpoint, runsOnce, type Spec } from '../endpoint.ts';
import { valuesMax } from '../schema/values.ts';
import { type Components, type JsonSchema, membersOf } from './json-schema.ts';

const parameterDescriptions: Readonly<Record<string, JsonSchema>> = {
  id: { description: 'The id, in lower case.', schema: { type: 'string', format: 'uuid' } },
  previewId: { description: 'The id of the link.', schema: { type: 'string', format: 'uuid' } },
  deliveryId: {
    description: 'The id of the delivery: the `webhook-id` of its attempts.',
    schema: { type: 'string', format: 'uuid' },
  },
  token: { description: 'The last part of the link.', schema: { type: 'string' } },
  version: { description: 'The number of the version.', schema: { type: 'integer', minimum: 1 }, example: 1 },
  file: { description: 'The name of the file.', schema: { type: 'string' } },
  sourceItemId: {
    description:
      "The wire's own id of the item, percent-encoded, case kept. Canonically equivalent spellings are one id; one with tabs, line breaks, no-break spaces, characters that do not show, or blanks at its ends is 400.",
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: 'tag:reuters.com,2026:newsml_L8N/1',
  },
  idOrSlug: {
    description: 'The id (in lower case), or the slug in any spelling or case; of a tag or source also the name.',
    schema: { type: 'string' },
  },
};

/** What a path parameter names depends on the path before it: the first `beginning` that matches is taken. */
type ExamplesByPath = readonly (readonly [beginning: string, example: string])[];

/** Things that exist in the demonstration newsroom, so that a call that is tried with them finds something. */
const pathExamples: Readonly<Record<string, ExamplesByPath>> = {
  idOrSlug: [
    ['/v1/articles/', 'নদীই-এবার-পাঠশালা-হাওরে-ভাসল-বইভর্তি-পাঁচ-নৌকা'],
    ['/v1/sources/{idOrSlug}/items/', 'reuters'],
    ['/v1/sources/', 'afp'],
    ['/v1/tags/', 'খেলা'],
  ],
  file: [
    ['/demo/covers/', 'river.png'],
    ['/docs/', 'reference.css'],
  ],
};

/** The headers that many operations read. */
const inHeader = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The ETag of what you have read; of it only the version counts. `*` for any.',
    schema: { type: 'string' },
    example: '"1"',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A word of your own for this call (visible ASCII). For 24 hours a repeat with the same body gets the first answer, with `Idempotency-Replayed: true`; another body is 422, a lesser role of the caller than then 403, and 409 while the first is under way. A failure is not kept.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description:
      'The `id` of the last event that was taken in: what followed comes first. `EventSource` sends it when it reconnects. It wins over `after`.',
    schema: { type: 'string' },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the copy that you have; 304 if it is still good.',
    schema: { type: 'string' },
  },
};

/** The description of a parameter, with the maximum number of values if it is a comma list. */
function described(description: unknown, max: unknown): JsonSchema {
  const list = max === undefined || max === 1 ? [] : [`A comma list of at most ${max}.`];
  const sentences = [...(description === undefined ? [] : [description]), ...list];
  return sentences.length === 0 ? {} : { description: sentences.join(' ') };
}

function describedInPath(name: string, path: string): JsonSchema {
  const known = parameterDescriptions[name];
  if (known === undefined) throw new Error(`the parameter ${name} of a path has no description`);
  const found = pathExamples[name]?.find(([beginning]) => path.startsWith(beginning));
  return found === undefined ? known : { ...known, example: found[1] };
}

/** Whether the answer is a page of a list, with a link to the next one. */
export const isPaged = ({ query }: Spec, components: Components): boolean =>
  query !== undefined && membersOf(components.convert(query, 'request')).some(({ name }) => name === 'after');

export type Parameter = { readonly name: string; readonly value: JsonSchema };

/** The parameters of an operation: in the path, in the query, in headers. */
export function parametersOf({ method, path, spec }: Endpoint, components: Components): Parameter[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...describedInPath(name, path),
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
    ...(spec.ifMatch ? [inHeader['If-Match']] : []),
    ...(method === 'get' && !spec.tagless ? [inHeader['If-None-Match']] : []),
    ...(runsOnce(method, spec) ? [inHeader['Idempotency-Key']] : []),
    ...(spec.events ? [inHeader['Last-Event-ID']] : []),
  ];
  // As components they are named by where they are, too: `tag` and the schema `Tag` are one file where a generator writes both.
  return [...inPath, ...inQuery, ...conditions].map((value) => ({ name: `${value.in}-${value.name}`, value }));
}
