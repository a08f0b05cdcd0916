import { STATUS_CODES } from 'node:http';
import { keysHeaders } from '../../core/cache-keys.ts';
import type { FailureKind } from '../../core/errors.ts';
import { type Endpoint, namesNothing, runsOnce, type Spec, takesBody } from '../endpoint.ts';
import { problemJson, statusOfKind } from '../problem.ts';
import { headerRefs } from './headers.ts';
import type { Components, JsonSchema } from './json-schema.ts';
import { isPaged } from './parameters.ts';
import { codes, kindOf, type ProblemCode, problems } from './problem-codes.ts';
import { ProblemView } from './problem-view.ts';

export const isLimited = (method: Endpoint['method'], { access }: Spec) => method !== 'get' && access !== 'public';

/** Whether a role or key can be refused with 403. What a service forbids in addition is named in the spec. */
const mayForbid = (method: Endpoint['method'], { access, keys }: Spec) =>
  access !== 'public' && (access !== 'viewer' || keys !== undefined || method !== 'get');

/** The default codes of a kind of failure, if a spec names the kind without a code. */
const usual: Readonly<Record<FailureKind, readonly ProblemCode[]>> = {
  InvalidInput: ['invalid-input', 'malformed-request'],
  Unauthenticated: ['unauthenticated', 'invalid-token'],
  Forbidden: ['forbidden'],
  NotFound: ['not-found'],
  MethodNotAllowed: ['method-not-allowed'],
  NotAcceptable: ['not-acceptable'],
  Conflict: ['conflict'],
  Gone: ['gone'],
  Stale: ['stale', 'precondition-failed'],
  TooLarge: ['too-large'],
  UnsupportedMediaType: ['unsupported-media-type'],
  Unprocessable: ['unprocessable'],
  PreconditionRequired: ['precondition-required'],
  TooMany: ['too-many'],
  Unavailable: ['unavailable'],
};

/** The codes that the parts of an operation's spec imply. */
function impliedCodes({ method, path, spec }: Endpoint, paged: boolean): ProblemCode[] {
  const writes = method !== 'get';
  const when = (holds: boolean, ...implied: ProblemCode[]) => (holds ? implied : []);
  return [
    ...usual.InvalidInput,
    ...when(paged, 'invalid-cursor'),
    ...when(takesBody(method), 'malformed-body', 'too-large', 'unsupported-media-type'),
    ...when(spec.token === undefined && spec.access !== 'public', 'unauthenticated'),
    ...when(spec.token === undefined, 'invalid-token'),
    ...when(mayForbid(method, spec), 'forbidden'),
    ...when(mayForbid(method, spec) && writes && spec.keys !== false, 'dead-key'),
    ...when(path.includes('{'), 'not-found'),
    ...when(spec.events !== undefined, 'not-acceptable'),
    ...when(!spec.unconditional && !namesNothing(method, path) && !paged, 'stale'),
    ...when(!spec.unconditional, 'precondition-failed'),
    ...when(spec.ifMatch === true, 'precondition-required'),
    ...when(isLimited(method, spec), 'too-many'),
    ...when(runsOnce(method, spec), 'still-running', 'idempotency-key-reused'),
    'unavailable',
    ...when(writes, 'outcome-unknown'),
  ];
}

/** The codes that an operation can answer with, by kind in the order of the statuses. Its own codes come first. */
function codesOf(endpoint: Endpoint, paged: boolean): [FailureKind, ProblemCode[]][] {
  const { codes: own = [], failures = [] } = endpoint.spec;
  const known = [...new Set([...own, ...impliedCodes(endpoint, paged)])];
  const named = failures.filter((kind) => !known.some((code) => kindOf(code) === kind));
  const all = [...known, ...named.flatMap((kind) => usual[kind])];
  const kinds = [...new Set(all.map(kindOf))].sort((a, b) => statusOfKind[a] - statusOfKind[b]);
  return kinds.map((kind) => [kind, all.filter((code) => kindOf(code) === kind)]);
}

/** Headers in addition to those of every failure. */
const ownHeaders: Partial<Readonly<Record<FailureKind, readonly string[]>>> = {
  Unauthenticated: ['WWW-Authenticate'],
  Conflict: ['Retry-After'],
  Gone: keysHeaders,
  UnsupportedMediaType: ['Accept-Patch'],
  TooMany: ['Retry-After'],
  Unavailable: ['Retry-After'],
};

// The rate limit headers too: a call may be refused after it was counted as a write.
const always = ['X-Request-Id', 'Cache-Control', 'RateLimit', 'RateLimit-Policy'];

const marked = (named: readonly string[]) => named.map((name) => `\`${name.replace(/\..*/, '')}\``).join(', ');

const examplesOf = (named: readonly string[]): JsonSchema =>
  Object.fromEntries(named.map((code) => [code, { $ref: `#/components/examples/${code}` }]));

const requestId = '3f0c4f0e-6f0f-4a52-9a57-0d1c3b1f7a20';

/** An example of each code: the whole answer of a call. */
const problemExamples: JsonSchema = Object.fromEntries(
  problems.map(({ about: _, name, ...problem }) => [name, { value: JSON.parse(problemJson(problem, requestId)) }]),
);

/**
 * The failures of operations as components. Operations with the same codes share one. The most frequent set of codes of a
 * kind is named by the kind alone, the others also by their codes.
 */
export function openFailures(endpoints: readonly Endpoint[], components: Components) {
  const schema = components.convert(ProblemView, 'reply');
  const sets = endpoints.map((endpoint) => codesOf(endpoint, isPaged(endpoint.spec, components)));
  const uses = new Map<string, number>();
  const keyOf = (kind: FailureKind, named: readonly string[]) => [kind, ...named].join('.');
  for (const [kind, named] of sets.flat()) uses.set(keyOf(kind, named), (uses.get(keyOf(kind, named)) ?? 0) + 1);
  const mostUsed = (kind: FailureKind) =>
    [...uses].filter(([key]) => key.split('.')[0] === kind).sort(([, a], [, b]) => b - a)[0]?.[0];
  const nameOf = (kind: FailureKind, named: readonly string[]) => {
    const key = keyOf(kind, named);
    return key === mostUsed(kind) ? kind : key;
  };
  const response = (description: string, named: readonly string[], more: readonly string[]): JsonSchema => ({
    description,
    headers: headerRefs(...always, ...more),
    content: { 'application/problem+json': { schema, examples: examplesOf(named) } },
  });
  const responses: JsonSchema = {};
  for (const [kind, named] of sets.flat())
    responses[nameOf(kind, named)] ??= response(
      `${STATUS_CODES[statusOfKind[kind]]}: ${marked(named)}.`,
      named,
      ownHeaders[kind] ?? [],
    );
  const inCodes = new Set<string>(Object.keys(codes));
  const others = ['internal', 'method-not-allowed', ...problems.map(({ name }) => name).filter((c) => !inCodes.has(c))];
  responses.Other = response(
    'A failure that any call can have: see the table of codes.',
    [...new Set(others)],
    ['Allow'],
  );
  const used = new Set<string>([...sets.flat().flatMap(([, named]) => named), ...others]);
  return {
    responses,
    examples: Object.fromEntries(Object.entries(problemExamples).filter(([code]) => used.has(code))),
    of: (endpoint: Endpoint): JsonSchema =>
      Object.fromEntries(
        codesOf(endpoint, isPaged(endpoint.spec, components)).map(([kind, named]) => [
          String(statusOfKind[kind]),
          { $ref: `#/components/responses/${nameOf(kind, named)}` },
        ]),
      ),
  };
}
