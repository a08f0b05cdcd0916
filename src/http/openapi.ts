import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { FailureKind } from '../core/errors.ts';
import { mergePatchTypes } from './body.ts';
import type { Endpoint, Spec } from './endpoint.ts';
import { headerParameters, parametersOf, runsOnce } from './openapi-parameters.ts';
import { type Components, type JsonSchema, openComponents } from './openapi-schema.ts';
import { statusOfKind } from './problem.ts';

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
    operation: z
      .object({ index: z.int(), code: z.string(), detail: z.string() })
      .optional()
      .meta({ description: 'With `bulk-failed`: which operation failed, and what it alone would have said.' }),
    place: z.string().optional().meta({
      description:
        'With a 409 of a step: where the article is, its status or `trash`. With 412, where it is in the trash.',
      example: 'review',
    }),
    existing: z
      .string()
      .optional()
      .meta({ description: 'With a 409: the id of the thing that already has the value.' }),
  })
  .meta({ id: 'Problem' });

const stringHeader = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

const headers: Readonly<Record<string, JsonSchema>> = {
  ETag: stringHeader(
    '`"<version>-<hash>"` for a single thing, `"<hash>"` for a list. Send it as If-Match or If-None-Match.',
  ),
  'Cache-Control': stringHeader('How long the answer may be kept.'),
  'X-Request-Id': stringHeader('The id of this call, as in the log and in problems.'),
  Location: stringHeader('The address of the thing.'),
  Link: stringHeader('`rel="next"`: the next page (RFC 8288). Absent on the last.'),
  'Retry-After': { description: 'Seconds to wait. Of 409, only with `still-running`.', schema: { type: 'integer' } },
  RateLimit: stringHeader('What is left of the limit, and the seconds until it is whole again.'),
  'WWW-Authenticate': stringHeader('RFC 6750.'),
};

const headerRefs = (...names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The failures that a spec implies by its parts, and those that it names. */
export function failuresOf({ method, path, spec }: Endpoint): FailureKind[] {
  const kinds = new Set<FailureKind>(['InvalidInput', 'Unavailable', ...(spec.failures ?? [])]);
  if (spec.token === undefined) kinds.add('Unauthenticated');
  if (spec.access !== 'public') kinds.add('Forbidden');
  if (path.includes('{')) kinds.add('NotFound');
  if (spec.body) kinds.add('TooLarge').add('UnsupportedMediaType');
  if (spec.ifMatch) kinds.add('Stale').add('PreconditionRequired');
  if (method !== 'get' && spec.access !== 'public') kinds.add('TooMany');
  if (runsOnce(method, spec)) kinds.add('Conflict').add('Unprocessable');
  return [...kinds].sort((a, b) => statusOfKind[a] - statusOfKind[b]);
}

/** JSON where there is a reply, and the media types besides: a comma list where the route answers in several. */
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

function successOf({ method, path, spec }: Endpoint, components: Components): JsonSchema {
  const list = method === 'get' && spec.query !== undefined && !path.includes('{');
  const etag =
    method === 'get' ||
    (spec.reply !== null && (spec.ifMatch || spec.creates || (spec.status === 201 && !spec.unversioned))) ||
    spec.versioned
      ? ['ETag']
      : [];
  const created = spec.status === 201 ? ['Location'] : [];
  const success: JsonSchema = {
    description: spec.reply === null && !spec.mediaType ? 'Done.' : (STATUS_CODES[spec.status ?? 200] ?? ''),
    headers: headerRefs(...etag, 'Cache-Control', 'X-Request-Id', ...created, ...(list ? ['Link'] : [])),
  };
  const content = contentOf(spec, components);
  if (Object.keys(content).length > 0) success.content = content;
  const others: JsonSchema = {};
  if (spec.creates) {
    others['201'] = {
      ...success,
      description: 'Created.',
      headers: headerRefs('ETag', 'Cache-Control', 'X-Request-Id', 'Location'),
    };
  }
  if (method === 'get')
    others['304'] = { description: 'Not modified.', headers: headerRefs('ETag', 'Cache-Control', 'X-Request-Id') };
  if (spec.redirects)
    others['308'] = {
      description: 'It is elsewhere now.',
      headers: headerRefs('Location', 'Cache-Control', 'X-Request-Id'),
    };
  return { [spec.reply === null && !spec.mediaType ? '204' : String(spec.status ?? 200)]: success, ...others };
}

function bodyOf(spec: Spec, components: Components): JsonSchema {
  if (!spec.body) return {};
  const example = spec.bodyExample === undefined ? {} : { example: spec.bodyExample };
  const media = { schema: components.convert(spec.body, 'request'), ...example };
  const types = spec.mergePatch ? mergePatchTypes : ['application/json'];
  return {
    requestBody: {
      required: spec.bodyOptional !== true,
      content: Object.fromEntries(types.map((type) => [type, media])),
    },
  };
}

function keyRule({ keys }: Spec): string {
  if (keys === false) return ' Not with an access key.';
  return keys === 'unlimited' ? ' With an access key only where that is limited to no source or tag.' : '';
}

function operationOf(endpoint: Endpoint, tag: string, components: Components): JsonSchema {
  const { spec } = endpoint;
  const open = spec.token === 'ignored' ? [] : [{}, { bearer: [] }];
  const who = spec.access === 'public' ? 'Needs no token.' : `Needs the role \`${spec.access}\` or a higher one.`;
  const description = [spec.description, `${who}${keyRule(spec)}`].filter(Boolean).join('\n\n');
  const failures = failuresOf(endpoint).map((kind) => [
    String(statusOfKind[kind]),
    { $ref: `#/components/responses/${kind}` },
  ]);
  const parameters = parametersOf(endpoint, components);
  return {
    operationId: spec.id,
    summary: spec.summary,
    ...(description === '' ? {} : { description }),
    tags: [tag],
    security: spec.access === 'public' ? open : [{ bearer: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(spec, components),
    responses: { ...successOf(endpoint, components), ...Object.fromEntries(failures) },
  };
}

function failureResponses(components: Components, used: ReadonlySet<string>): JsonSchema {
  const schema = components.convert(ProblemView, 'reply');
  const kinds = Object.entries(statusOfKind).filter(([kind]) => used.has(kind));
  return Object.fromEntries(
    kinds.map(([kind, status]) => {
      const extra =
        {
          Unauthenticated: ['WWW-Authenticate'],
          Conflict: ['Retry-After'],
          TooMany: ['Retry-After', 'RateLimit'],
          Unavailable: ['Retry-After'],
        }[kind] ?? [];
      const content = { 'application/problem+json': { schema } };
      return [
        kind,
        {
          description: `${STATUS_CODES[status]}.`,
          headers: headerRefs('X-Request-Id', 'Cache-Control', ...extra),
          content,
        },
      ];
    }),
  );
}

export type DocumentOptions = { title: string; version: string; description: string; server: string };

/** The OpenAPI 3.1 document of the routes, grouped as they are given. */
export function openApiDocument(
  groups: readonly { tag: string; description: string; endpoints: readonly Endpoint[] }[],
  options: DocumentOptions,
): JsonSchema {
  const components = openComponents();
  const paths: Record<string, JsonSchema> = {};
  for (const { tag, endpoints } of groups) {
    for (const endpoint of endpoints)
      paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint, tag, components) };
  }
  const used = new Set<string>(groups.flatMap(({ endpoints }) => endpoints.flatMap(failuresOf)));
  const responses = failureResponses(components, used);
  const { title, version, description, server } = options;
  return {
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: server }],
    security: [],
    tags: groups.map(({ tag, description: about }) => ({ name: tag, description: about })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of POST /v1/auth/login.',
        },
      },
      headers,
      parameters: headerParameters,
      responses,
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
