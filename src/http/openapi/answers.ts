import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { FailureKind } from '../../core/errors.ts';
import { type Endpoint, runsOnce, type Spec } from '../endpoint.ts';
import { statusOfKind } from '../problem.ts';
import { type Components, type JsonSchema, membersOf } from './json-schema.ts';

const changesView = (description: string) =>
  z
    .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
    .optional()
    .meta({ description });

/** What every failure looks like (RFC 9457). */
export const ProblemView = z
  .object({
    type: z.string().meta({ format: 'uri', example: 'urn:khobor:problem:invalid-input' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; decide by this.', example: 'invalid-input' }),
    detail: z.string().meta({ description: 'What to change.' }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().meta({ description: 'RFC 6901, within that part.', example: '/title' }),
          detail: z.string(),
        }),
      )
      .optional(),
    currentVersion: z.int().optional().meta({ description: 'With 412 `stale`: the version that is there now.' }),
    changes: changesView(
      'With 412 of an article: what changed since the version that was sent. Absent where that is not known.',
    ),
    articleVersion: z
      .int()
      .optional()
      .meta({ description: 'With a 409 of a draft: the version to name as baseVersion.' }),
    liveChanges: changesView('With a 409 of a draft: what changed in the live article since the draft began.'),
    draftChanges: changesView('With a 409 or 412 of a draft: what the draft changed since it began.'),
    bytesMax: z.int().optional().meta({ description: 'With 413.' }),
    articles: z.int().optional().meta({ description: 'With a 409 of a thing in use: how many articles use it.' }),
    slug: z.string().optional().meta({ description: 'With a 409 of a slug that is taken.' }),
    source: z.string().nullable().optional().meta({ description: 'With `source-item-taken`: the id of the source.' }),
    sourceItemId: z.string().nullable().optional().meta({ description: 'With `source-item-taken`: the item.' }),
    operation: z
      .object({ index: z.int(), code: z.string(), detail: z.string() })
      .optional()
      .meta({ description: 'With `bulk-failed`: which operation failed, and what it alone would have said.' }),
    place: z.string().optional().meta({
      description:
        'With a 409 of a step: where the article is, its status or `trash`. With 412, where it is in the trash.',
      example: 'review',
    }),
    itemVersion: z
      .int()
      .optional()
      .meta({ description: 'With `item-purged` and `item-killed`: the highest version that was taken of the item.' }),
    existing: z.string().optional().meta({
      description:
        'With `name-taken`, `slug-taken`, `source-item-taken` and `edition-taken`: the id of the thing that has it, where the caller may see it.',
    }),
  })
  .meta({ id: 'Problem' });

const stringHeader = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

/** The headers of answers, by name. */
export const headers: Readonly<Record<string, JsonSchema>> = {
  ETag: stringHeader(
    '`"<version>-<hash>"` for a single thing, `"<hash>"` for a list. Send it as If-Match or If-None-Match.',
  ),
  'Cache-Control': stringHeader('How long the answer may be kept.'),
  'X-Request-Id': stringHeader('The id of this call, as in the log and in problems.'),
  Location: stringHeader('The address of the thing.'),
  Link: stringHeader('`rel="next"`: the next page (RFC 8288). Absent on the last.'),
  'Retry-After': { description: 'Seconds to wait. Of 409, only with `still-running`.', schema: { type: 'integer' } },
  RateLimit: stringHeader('Of writes: what is left of the limit, and the seconds until it is whole again.'),
  'RateLimit-Policy': stringHeader('Of writes: how many in how many seconds.'),
  'Idempotency-Replayed': stringHeader('`true` where an Idempotency-Key was used before: the first answer once more.'),
  'WWW-Authenticate': stringHeader('RFC 6750.'),
  'X-Robots-Tag': stringHeader('That no search engine shall keep it.'),
  'Accept-Patch': stringHeader('Of PATCH, and of OPTIONS where there is one: the types of its body (RFC 5789).'),
  Allow: stringHeader('Of 405 and of OPTIONS: the methods of the address.'),
};

const headerRefs = (...names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Whether a role or key can be refused with 403. What a service forbids in addition is named in the spec. */
const mayForbid = (method: Endpoint['method'], { access, keys }: Spec) =>
  access !== 'public' && (access !== 'viewer' || keys !== undefined || method !== 'get');

/** The failures that the parts of a spec imply, and those that it names. */
export function failuresOf({ method, path, spec }: Endpoint): FailureKind[] {
  const kinds = new Set<FailureKind>(['InvalidInput', 'Unavailable', ...(spec.failures ?? [])]);
  if (spec.token === undefined) kinds.add('Unauthenticated');
  if (mayForbid(method, spec)) kinds.add('Forbidden');
  if (path.includes('{')) kinds.add('NotFound');
  if (spec.body) kinds.add('TooLarge').add('UnsupportedMediaType');
  if (!spec.unconditional) kinds.add('Stale');
  if (spec.ifMatch) kinds.add('PreconditionRequired');
  if (isLimited(method, spec)) kinds.add('TooMany');
  if (runsOnce(method, spec)) kinds.add('Conflict').add('Unprocessable');
  return [...kinds].sort((a, b) => statusOfKind[a] - statusOfKind[b]);
}

/** JSON if there is a reply, and the spec's other media types: a comma list if the route answers in several. */
function contentOf(spec: Spec, components: Components): JsonSchema {
  const example = spec.replyExample === undefined ? {} : { example: spec.replyExample };
  const json = spec.reply
    ? { 'application/json': { schema: components.convert(spec.reply, 'reply'), ...example } }
    : {};
  const types = (spec.mediaType ?? '').split(',').flatMap((type) => type.split(';')[0]?.trim() || []);
  const binary = (type: string) => type.startsWith('image/');
  return {
    ...json,
    ...Object.fromEntries(types.map((type) => [type, binary(type) ? {} : { schema: { type: 'string' } }])),
  };
}

/** Whether the answer is a page of a list, with a link to the next one. */
const isPaged = ({ query }: Spec, components: Components): boolean =>
  query !== undefined && membersOf(components.convert(query, 'request')).some(({ name }) => name === 'after');

/** The headers that every success has, whatever its status. `Location` is added with the statuses that have it. */
function headersOf({ method, spec }: Endpoint, components: Components): string[] {
  const tagged =
    (method === 'get' && !spec.tagless) ||
    (spec.reply !== null && (spec.ifMatch || spec.creates || (spec.status === 201 && !spec.unversioned))) ||
    spec.versioned;
  return [
    ...(tagged ? ['ETag'] : []),
    'Cache-Control',
    'X-Request-Id',
    ...(isPaged(spec, components) ? ['Link'] : []),
    ...(isLimited(method, spec) ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(runsOnce(method, spec) ? ['Idempotency-Replayed'] : []),
    ...(spec.headers ?? []),
  ];
}

const isLimited = (method: Endpoint['method'], { access }: Spec) => method !== 'get' && access !== 'public';

/** The successful answers of an operation, by status. */
export function successOf(endpoint: Endpoint, components: Components): JsonSchema {
  const { method, spec } = endpoint;
  const always = headersOf(endpoint, components);
  const content = contentOf(spec, components);
  const success: JsonSchema = {
    description: spec.reply === null && !spec.mediaType ? 'Done.' : (STATUS_CODES[spec.status ?? 200] ?? ''),
    headers: headerRefs(...always, ...(spec.status === 201 ? ['Location'] : [])),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
  const others: JsonSchema = {};
  if (spec.creates) others['201'] = { ...success, description: 'Created.', headers: headerRefs(...always, 'Location') };
  if (method === 'get' && !spec.tagless)
    others['304'] = { description: 'Not modified.', headers: headerRefs(...always) };
  if (spec.redirects)
    others['308'] = {
      description: 'It is elsewhere now.',
      headers: headerRefs('Location', 'Cache-Control', 'X-Request-Id'),
    };
  return { [spec.reply === null && !spec.mediaType ? '204' : String(spec.status ?? 200)]: success, ...others };
}

/** Every failure that some operation names, and `Other`, which any operation can have. */
export function failureResponses(components: Components, used: ReadonlySet<string>): JsonSchema {
  const schema = components.convert(ProblemView, 'reply');
  const kinds = Object.entries(statusOfKind).filter(([kind]) => used.has(kind));
  const content = { 'application/problem+json': { schema } };
  // The rate limit headers too: a call may be refused after it was counted as a write.
  const always = ['X-Request-Id', 'Cache-Control', 'RateLimit', 'RateLimit-Policy'];
  const extra: Readonly<Record<string, string[]>> = {
    Unauthenticated: ['WWW-Authenticate'],
    Conflict: ['Retry-After'],
    UnsupportedMediaType: ['Accept-Patch'],
    TooMany: ['Retry-After'],
    Unavailable: ['Retry-After'],
  };
  const named = Object.fromEntries(
    kinds.map(([kind, status]) => [
      kind,
      { description: `${STATUS_CODES[status]}.`, headers: headerRefs(...always, ...(extra[kind] ?? [])), content },
    ]),
  );
  const other = {
    description: 'A failure that any call can have: see the table of codes.',
    headers: headerRefs(...always, 'Allow'),
    content,
  };
  return { ...named, Other: other };
}
