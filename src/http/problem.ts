import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { KeysHeader } from '../core/cache-keys.ts';
import { Failure, type FailureKind } from '../core/errors.ts';
import { keysText } from './caching.ts';
import { endAnswer } from './server/linger.ts';

/** The only mapping of a failure's kind to an HTTP status. */
export const statusOfKind: Readonly<Record<FailureKind, number>> = {
  InvalidInput: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  Conflict: 409,
  Gone: 410,
  Stale: 412,
  TooLarge: 413,
  UnsupportedMediaType: 415,
  Unprocessable: 422,
  PreconditionRequired: 428,
  TooMany: 429,
  Unavailable: 503,
};

export type Problem = { status: number; code: string; detail: string; members?: Readonly<Record<string, unknown>> };

/** The JSON of a problem (RFC 9457). `type` is a URN, so that it is the same wherever the API is served. */
export function problemJson(problem: Problem, requestId: string): string {
  return JSON.stringify({
    type: `urn:khobor:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    requestId,
    ...problem.members,
  });
}

/** The failure for anything thrown; undefined for a fault of our own. Express throws status 400 for a malformed path. */
export function failureOf(thrown: unknown): Failure | undefined {
  if (thrown instanceof Failure) return thrown;
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  if (status !== 400) return undefined;
  return new Failure('InvalidInput', 'invalid-input', 'The address is not well-formed.', {
    errors: [{ in: 'path', pointer: '', detail: 'Percent-encode the path as UTF-8.' }],
  });
}

/** The answer to a fault of our own, which reveals nothing about it. */
export const internal = {
  status: 500,
  code: 'internal',
  detail: 'This is a fault of the server; the request id finds it in the log.',
} as const satisfies Problem;

export const problemOf = ({ kind, code, message, extras }: Failure): Problem => ({
  status: statusOfKind[kind],
  code,
  detail: message,
  members: { ...extras.members, ...(extras.errors ? { errors: extras.errors } : {}) },
});

/** Sends any thrown thing as `application/problem+json`; strangers' answers with the keys of what they are about in `keysHeader`. */
export function sendProblem(res: ServerResponse, thrown: unknown, requestId: string, keysHeader?: KeysHeader): void {
  const failure = failureOf(thrown);
  const problem: Problem = failure ? problemOf(failure) : internal;
  const bytes = Buffer.from(problemJson(problem, requestId));
  res.statusCode = problem.status;
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.setHeader('Cache-Control', 'no-store');
  for (const name of ['ETag', 'Link', 'Location']) res.removeHeader(name);
  if (keysHeader && failure?.extras.keys) res.setHeader(keysHeader, keysText(keysHeader, failure.extras.keys));
  if (failure?.kind === 'Unauthenticated') res.setHeader('WWW-Authenticate', challenge(failure.code));
  if (failure?.extras.allow) res.setHeader('Allow', failure.extras.allow.join(', '));
  if (failure?.extras.acceptPatch) res.setHeader('Accept-Patch', failure.extras.acceptPatch.join(', '));
  if (failure?.extras.retryAfterS !== undefined)
    res.setHeader('Retry-After', Math.max(1, Math.ceil(failure.extras.retryAfterS)));
  endAnswer(res, bytes);
}

/** RFC 6750, section 3: a token that was sent and refused is named as such. */
const challenge = (code: string): string =>
  code === 'invalid-token' ? 'Bearer realm="khobor", error="invalid_token"' : 'Bearer realm="khobor"';
