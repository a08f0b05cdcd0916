import * as errors from '../../core/errors.ts';
import { Failure } from '../../core/errors.ts';
import { preconditionFailed } from '../../core/precondition.ts';

/** Failure codes that do not depend on what the call is about. */

const { bodyFault, unprocessable } = errors;

/** An example of a code, and its note in the table of failures. The key is the code, with a suffix if it has two statuses. */
export type CodeRow = { readonly example: Failure; readonly about?: string };

export const codesOfCalls = {
  'invalid-input': {
    example: errors.invalidInput([bodyFault('/title', 'Use at most 300 characters.')]),
  },
  'invalid-cursor': { example: errors.invalidCursor() },
  'malformed-body': { example: errors.malformedBody('The body is not well-formed JSON.') },
  'malformed-request': {
    example: new Failure('InvalidInput', 'malformed-request', 'Percent-encode the address as UTF-8.'),
  },
  unauthenticated: { example: errors.unauthenticated() },
  'invalid-token': { example: errors.invalidToken() },
  'invalid-credentials': {
    example: new Failure(
      'Unauthenticated',
      'invalid-credentials',
      'This e-mail address and password do not belong together.',
    ),
  },
  'invalid-refresh-token': {
    example: new Failure('Unauthenticated', 'invalid-refresh-token', 'The refresh token is not good any more; log in.'),
  },
  forbidden: { example: errors.forbidden('This access key may only read.') },
  'dead-key': { example: errors.deadKey(), about: 'nothing of what the access key was limited to is left' },
  'not-found': { example: errors.notFound() },
  'method-not-allowed': {
    example: errors.methodNotAllowed(['GET', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS']),
    about: 'with `Allow`',
  },
  'not-acceptable': {
    example: errors.notAcceptable('text/event-stream'),
    about: '`Accept` excludes what a stream is',
  },
  'still-running': {
    example: new Failure(
      'Conflict',
      'still-running',
      'The first call with this Idempotency-Key is still under way; repeat it in a moment.',
    ),
    about: 'with `Retry-After`',
  },
  stale: {
    example: errors.stale(4),
    about: 'with `currentVersion` and what changed: `changes` of an article, `draftChanges` of a working draft',
  },
  'precondition-failed': {
    example: preconditionFailed('If-Match is for what is there already; this call is about nothing that is.'),
    about: '`If-None-Match` names what is there, or `If-Match` what is not',
  },
  'too-large': { example: errors.tooLarge(1_048_576) },
  'unsupported-media-type': { example: errors.unsupportedMediaType('Send the body as application/json.') },
  'idempotency-key-reused': {
    example: unprocessable('idempotency-key-reused', 'This Idempotency-Key belongs to another request; use a new one.'),
  },
  'precondition-required': { example: errors.preconditionRequired() },
  'too-many': {
    example: errors.tooMany('An account may write 1000 times a minute; wait and repeat the call.', 12),
    about: 'with `Retry-After`',
  },
  unavailable: { example: errors.unavailable(), about: 'nothing was done (with `Retry-After`)' },
  'outcome-unknown': {
    example: errors.outcomeUnknown(undefined),
    about: 'a write may have been done, so repeat it with the same Idempotency-Key',
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
