import type { Access } from '../../core/actor.ts';
import { mergePatchTypes } from '../body.ts';
import type { Endpoint, Spec } from '../endpoint.ts';
import { openAnswers } from './answers.ts';
import { openFailures } from './failures.ts';
import { headers } from './headers.ts';
import { type Components, type JsonSchema, openComponents } from './json-schema.ts';
import { parametersOf } from './parameters.ts';
import { openShared } from './shared.ts';

function bodyOf({ method, spec }: Endpoint, components: Components): JsonSchema {
  if (!spec.body) return {};
  const example = spec.bodyExample === undefined ? {} : { example: spec.bodyExample };
  const media = { schema: components.convert(spec.body, 'request'), ...example };
  const types = method === 'patch' ? mergePatchTypes : ['application/json'];
  return {
    requestBody: {
      required: spec.bodyOptional !== true,
      content: Object.fromEntries(types.map((type) => [type, media])),
    },
  };
}

/** Who may call. This says nothing about what a role sees: an author may make more calls than a viewer but sees less. */
const accessText: Readonly<Record<Access, string>> = {
  public: 'Needs no token.',
  viewer: 'For every role, each within what it may see.',
  author: 'For authors, within what they may see and change, and for `editor` and `admin`.',
  editor: 'Needs the role `editor` or `admin`.',
  admin: 'Needs the role `admin`.',
};

export type TokenUse = 'needed' | 'optional' | 'ignored';

/** Whether a call must have a token, may have one, or ignores it. */
export function tokenUse({ access, token }: Spec): TokenUse {
  if (access !== 'public') return 'needed';
  return token === 'ignored' ? 'ignored' : 'optional';
}

const securityOf: Readonly<Record<TokenUse, readonly JsonSchema[]>> = {
  needed: [{ bearer: [] }],
  optional: [{}, { bearer: [] }],
  ignored: [],
};

function keyRule({ keys }: Spec): string {
  if (keys === false) return ' Not with an access key.';
  return keys === 'unlimited' ? ' With an access key only where that is limited to no source or tag.' : '';
}

type Parts = {
  components: Components;
  parameters: ReturnType<typeof openShared>;
  answers: ReturnType<typeof openAnswers>;
  failures: ReturnType<typeof openFailures>;
};

function operationOf(endpoint: Endpoint, tag: string, parts: Parts): JsonSchema {
  const { components, answers, failures } = parts;
  const { spec } = endpoint;
  const who = `${accessText[spec.access]}${keyRule(spec)}`;
  const order = spec.order === undefined ? undefined : `Order: ${spec.order}.`;
  const description = [spec.description, order, who].filter((text) => text !== undefined).join('\n\n');
  const parameters = parametersOf(endpoint, components).map(
    (parameter) => parts.parameters.refTo(parameter) ?? parameter.value,
  );
  return {
    operationId: spec.id,
    summary: spec.summary,
    description,
    tags: [tag],
    security: securityOf[tokenUse(spec)],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(endpoint, components),
    responses: {
      ...answers.of(endpoint),
      ...failures.of(endpoint),
      default: { $ref: '#/components/responses/Other' },
    },
  };
}

/** Routes that the document shows together. */
export type RouteGroup = { tag: string; description: string; endpoints: Endpoint[] };

/** `webhooks`: the requests that come from us, by name; their references are to components of the routes. */
export type DocumentOptions = {
  title: string;
  version: string;
  description: string;
  server: string;
  webhooks: Readonly<Record<string, JsonSchema>>;
};

/** The OpenAPI 3.1 document of the routes, grouped as they are given. */
export function openApiDocument(groups: readonly RouteGroup[], options: DocumentOptions): JsonSchema {
  const components = openComponents();
  const all = groups.flatMap(({ endpoints }) => endpoints);
  const parts: Parts = {
    components,
    parameters: openShared(
      'parameters',
      all.flatMap((endpoint) => parametersOf(endpoint, components)),
    ),
    answers: openAnswers(all, components),
    failures: openFailures(all, components),
  };
  const { parameters, answers, failures } = parts;
  const paths: Record<string, JsonSchema> = {};
  for (const { tag, endpoints } of groups) {
    for (const endpoint of endpoints)
      paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint, tag, parts) };
  }
  const { title, version, description, server, webhooks } = options;
  return {
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: server }],
    security: [],
    tags: groups.map(({ tag, description: about }) => ({ name: tag, description: about })),
    paths,
    webhooks,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of POST /v1/auth/login, or the token of an access key (POST /v1/keys).',
        },
      },
      headers,
      parameters: parameters.components,
      responses: { ...answers.responses, ...failures.responses },
      examples: { ...answers.examples, ...failures.examples },
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
