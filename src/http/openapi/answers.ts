import { STATUS_CODES } from 'node:http';
import { keysHeaders } from '../../core/cache-keys.ts';
import { type Endpoint, isKeepable, runsOnce, type Spec } from '../endpoint.ts';
import { streamType } from '../event-stream.ts';
import { cursorExample } from '../schema/values.ts';
import { exampleOf, exampleWith, textExamples } from './examples.ts';
import { isLimited } from './failures.ts';
import { headerRefs, locationOf } from './headers.ts';
import { type Components, isRecord, type JsonSchema } from './json-schema.ts';
import { isPaged } from './parameters.ts';
import { openShared } from './shared.ts';

/** An example of an operation's JSON answer, with a name under which operations with the same answer share it. */
function replyExample({ id, reply, replyExample: own }: Spec, components: Components) {
  if (reply === null) return undefined;
  const schema = components.convert(reply, 'reply');
  const made = exampleOf(schema, components.schemas);
  const name = typeof schema.$ref === 'string' ? schema.$ref.replace('#/components/schemas/', '') : id;
  return { name, value: { value: own === undefined ? made : exampleWith(made, own) } };
}

type Example = NonNullable<ReturnType<typeof replyExample>>;

const isTagged = ({ method, spec }: Endpoint) =>
  (method === 'get' && !spec.tagless) ||
  (spec.reply !== null && (spec.ifMatch || spec.creates || (spec.status === 201 && !spec.unversioned))) ||
  spec.versioned;

/** The headers that every success has, whatever its status. `Location` is added with the statuses that have it. */
function headersOf(endpoint: Endpoint, components: Components): string[] {
  const { method, spec } = endpoint;
  return [
    ...(isTagged(endpoint) ? ['ETag'] : []),
    'Cache-Control',
    'X-Request-Id',
    ...(spec.cache === undefined || spec.cache === 'never' ? [] : keysHeaders),
    ...(isKeepable(endpoint) ? ['CDN-Cache-Control', 'Age', 'Cache-Status'] : []),
    ...(isPaged(spec, components) && !spec.events ? ['Link'] : []),
    ...(isLimited(method, spec) ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(runsOnce(method, spec) ? ['Idempotency-Replayed'] : []),
    ...(spec.headers ?? []),
  ];
}

/** `Location` of what an operation created, filled in from the members of its example. */
function location({ path, spec }: Endpoint, example: Example | undefined): JsonSchema {
  const made = example?.value.value;
  const template = spec.location ?? `${path}/{id}`;
  return locationOf(template.replaceAll(/\{(\w+)\}/g, (_, name) => String(isRecord(made) ? made[name] : '')));
}

/**
 * A stream, as text. OpenAPI has no schema for what comes in the `data` of its events, so `x-events` has one for each name.
 */
function streamContent(events: NonNullable<Spec['events']>, own: unknown, components: Components): JsonSchema {
  const schemas = Object.entries(events).map(([name, schema]) => [name, components.convert(schema, 'reply')] as const);
  const blocks = schemas.map(([name, schema], place) => {
    const made = exampleOf(schema, components.schemas);
    const data = JSON.stringify(place > 0 || own === undefined ? made : exampleWith(made, own));
    return `${name === 'message' ? '' : `event: ${name}\n`}id: ${cursorExample}\ndata: ${data}\n\n`;
  });
  return {
    schema: {
      type: 'string',
      description:
        'Server-Sent Events: blocks of lines, with an empty line after each. `data` is JSON, of the schema that `x-events` has for the name of the event; `message` is that of one without a name.',
      'x-events': Object.fromEntries(schemas),
    },
    example: `retry: 3000\nid: ${cursorExample}\n\n${blocks.join('')}:\n\n`,
  };
}

/** The successful answers of all operations. What several of them share becomes a component. */
export function openAnswers(endpoints: readonly Endpoint[], components: Components) {
  const made = new Map(endpoints.map(({ spec }) => [spec.id, replyExample(spec, components)]));
  // A PUT that creates has two successful answers, so it uses its example twice.
  const uses = endpoints.flatMap(({ spec }) => {
    const example = made.get(spec.id);
    if (example === undefined) return [];
    return spec.creates ? [example, example] : [example];
  });
  const examples = openShared('examples', uses);
  const responses: JsonSchema = {};

  const exampled = (example: Example | undefined): JsonSchema => {
    if (example === undefined) return {};
    const ref = examples.refTo(example);
    return ref === undefined ? { example: example.value.value } : { examples: { [example.name]: ref } };
  };

  /** JSON if there is a reply, and the spec's other media types: a comma list if the route answers in several. */
  const contentOf = (spec: Spec): JsonSchema => {
    const json = spec.reply
      ? { 'application/json': { schema: components.convert(spec.reply, 'reply'), ...exampled(made.get(spec.id)) } }
      : {};
    const types = (spec.mediaType ?? '').split(',').flatMap((type) => type.split(';')[0]?.trim() || []);
    if (spec.events) return { [streamType]: streamContent(spec.events, spec.replyExample, components) };
    const binary = (type: string) => type.startsWith('image/');
    const text = (type: string) => ({ schema: { type: 'string' }, example: textExamples[type] });
    return { ...json, ...Object.fromEntries(types.map((type) => [type, binary(type) ? {} : text(type)])) };
  };

  /** A reference to a shared answer without content. Its name stands for its headers: other headers, another name. */
  const named = (name: string, description: string, headers: readonly string[]): JsonSchema => {
    responses[name] ??= { description, headers: headerRefs(...headers) };
    return { $ref: `#/components/responses/${name}` };
  };

  const notModified = (always: readonly string[]) => {
    const ordinary = new Set<string>(['ETag', 'Cache-Control', 'X-Request-Id']);
    const more = always.filter((name) => !ordinary.has(name));
    return named(['NotModified', ...more].join('.'), 'Not modified: the copy that you have is still good.', always);
  };

  return {
    responses,
    examples: examples.components,
    /** The successful answers of an operation, by status. */
    of(endpoint: Endpoint): JsonSchema {
      const { method, spec } = endpoint;
      const always = headersOf(endpoint, components);
      const content = contentOf(spec);
      const isEmpty = spec.reply === null && !spec.mediaType;
      const status = isEmpty ? 204 : (spec.status ?? 200);
      const found = {
        description: isEmpty ? 'Done.' : `${STATUS_CODES[status]}.`,
        headers: headerRefs(...always),
        ...(isEmpty ? {} : { content }),
      };
      const created = {
        ...found,
        description: 'Created.',
        headers: { ...headerRefs(...always), ...location(endpoint, made.get(spec.id)) },
      };
      return {
        [String(status)]: status === 201 ? created : found,
        ...(spec.creates ? { 201: created } : {}),
        ...(method === 'get' && !spec.tagless ? { 304: notModified(always) } : {}),
        ...(spec.redirects
          ? {
              308: named('Moved', 'It is elsewhere now.', [
                'Location',
                'Cache-Control',
                'X-Request-Id',
                ...keysHeaders,
              ]),
            }
          : {}),
      };
    },
  };
}
