/**
 * The closed set of ways in which a call can fail, in domain words. `http/problem.ts` alone knows their HTTP status.
 * `code` is stable and part of the contract; `detail` is a sentence that is safe to show and says what to change.
 */

/** One fault of the caller's input: where it is (RFC 6901 pointer within that part) and what to change. */
export type Fault = { in: 'body' | 'query' | 'path' | 'header'; pointer: string; detail: string };

export const bodyFault = (pointer: string, detail: string): Fault => ({ in: 'body', pointer, detail });

export type FailureKind =
  | 'InvalidInput'
  | 'Unauthenticated'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'Conflict'
  | 'Gone'
  | 'Stale'
  | 'PreconditionRequired'
  | 'TooLarge'
  | 'UnsupportedMediaType'
  | 'Unprocessable'
  | 'TooMany'
  | 'Unavailable';

/** Extra members of a problem. They must not replace those of RFC 9457 or our own. */
type FailureMembers = Readonly<Record<string, unknown>> & {
  readonly [taken in 'type' | 'title' | 'status' | 'code' | 'detail' | 'requestId' | 'errors']?: never;
};

/** What a failure may carry with its sentence. `retryAfterS` is in seconds; `members` become members of the problem. */
export type FailureExtras = {
  errors?: readonly Fault[];
  retryAfterS?: number;
  /** Why something is unavailable. */
  outage?: Outage;
  allow?: readonly string[];
  acceptPatch?: readonly string[];
  members?: FailureMembers;
  /** What the failure is about, as caches name it. */
  keys?: readonly string[];
  /** Seconds until time alone ends the failure. */
  lastsS?: number | undefined;
  cause?: unknown;
};

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly code: string;
  readonly extras: FailureExtras;

  constructor(kind: FailureKind, code: string, detail: string, extras: FailureExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.kind = kind;
    this.code = code;
    this.extras = extras;
  }
}

/** At most this many faults are listed, so that an answer does not grow with what was sent. */
const faultsMax = 100;

export const invalidInput = (errors: readonly Fault[], detail = 'The request has faults; see errors.') =>
  new Failure('InvalidInput', 'invalid-input', detail, { errors: errors.slice(0, faultsMax) });

/** For a body that would produce more than may be stored; `budget` is a sentence that says what is allowed. */
export const bodyTooCostly = (budget: string) =>
  new Failure('InvalidInput', 'body-too-costly', budget, {
    errors: [bodyFault('/body', budget)],
  });

export const invalidCursor = () =>
  new Failure('InvalidInput', 'invalid-cursor', 'This cursor is not one of this list; start again without `after`.', {
    errors: [{ in: 'query', pointer: '/after', detail: 'Use nextCursor of the same list, unchanged.' }],
  });

/** For a `Last-Event-ID` of another stream or list. */
export const invalidEventId = () =>
  new Failure('InvalidInput', 'invalid-cursor', 'This is no event id of this stream; start again without it.', {
    errors: [{ in: 'header', pointer: '/last-event-id', detail: 'Use the id of the last event of the same stream.' }],
  });

export const malformedBody = (detail: string) => new Failure('InvalidInput', 'malformed-body', detail);

export const unauthenticated = (detail = 'Send a valid access token as `Authorization: Bearer …`.') =>
  new Failure('Unauthenticated', 'unauthenticated', detail);

export const invalidToken = (detail = 'The access token is not valid or no longer so; log in or refresh.') =>
  new Failure('Unauthenticated', 'invalid-token', detail);

export const forbidden = (detail: string) => new Failure('Forbidden', 'forbidden', detail);

export const deadKey = () =>
  new Failure(
    'Forbidden',
    'dead-key',
    'All the sources or all the tags that this access key was limited to are gone, so it can write nothing any more; have a new key made.',
  );

/** For a call that needs a role of everybody, whatever it is about. */
export const lacksRole = (needed: string, role: string) =>
  forbidden(`This call needs the role ${needed}; yours is ${role}.`);

export const notFound = (detail = 'There is nothing here.') => new Failure('NotFound', 'not-found', detail);

export const methodNotAllowed = (allow: readonly string[]) =>
  new Failure('MethodNotAllowed', 'method-not-allowed', `Use one of: ${allow.join(', ')}.`, { allow });

export const notAcceptable = (mediaType: string) =>
  new Failure('NotAcceptable', 'not-acceptable', `This answer is ${mediaType}; name that in Accept, or send none.`);

export const conflict = (code: string, detail: string, members?: FailureExtras['members']) =>
  new Failure('Conflict', code, detail, members ? { members } : {});

export const cursorExpired = () =>
  new Failure(
    'Gone',
    'cursor-expired',
    'What followed this cursor is not kept any more, or the database has another past than when it was made. Begin anew without `after`, and drop what the new walk does not name.',
  );

export const gone = (keys: readonly string[], lastsS?: number) =>
  new Failure('Gone', 'gone', 'This is not public any more: it has expired, or was archived or deleted.', {
    keys,
    lastsS,
  });

export const stale = (
  currentVersion: number,
  detail = 'The thing has another version than If-Match names; read it again and repeat the call on what it is now.',
  members: FailureExtras['members'] = {},
) => new Failure('Stale', 'stale', detail, { members: { ...members, currentVersion } });

export const preconditionRequired = () =>
  new Failure('PreconditionRequired', 'precondition-required', 'Send the ETag of what you have read as If-Match.');

export const tooLarge = (bytesMax: number) =>
  new Failure('TooLarge', 'too-large', `The body may have ${bytesMax} bytes at most.`, { members: { bytesMax } });

export const unsupportedMediaType = (detail: string, acceptPatch?: readonly string[]) =>
  new Failure('UnsupportedMediaType', 'unsupported-media-type', detail, acceptPatch ? { acceptPatch } : {});

export const unprocessable = (code: string, detail: string, errors?: readonly Fault[]) =>
  new Failure('Unprocessable', code, detail, errors ? { errors } : {});

export const tooMany = (detail: string, retryAfterS: number) =>
  new Failure('TooMany', 'too-many', detail, { retryAfterS });

/**
 * Why something cannot be served now: the first half of a sentence, which `outageSentence` completes, and the number of
 * seconds after which a retry makes sense.
 */
const outages = {
  unreachable: ['The database is out of reach for now', 2],
  restarting: ['The database is starting or shutting down', 2],
  busy: ['What this call needs is in use by others for now', 2],
  slow: ['The database did not get to it in time', 2],
  tooLong: ['The change took longer than it may and was given up; a smaller one may do', 2],
  noConnection: ["All of this server's connections to the database are in use for now", 2],
  connectionLimit: ['The database takes no more connections for now', 5],
  diskFull: ['The database has no room to store anything', 30],
  failing: ['The database has run out of memory or cannot use its files', 10],
  refused: ["The database refuses this server's user or password, which its operator must mend", 30],
  missing: ['The database of this server does not exist, which its operator must mend', 30],
  noRight: ["This server's user lacks a right in the database, which its operator must grant", 30],
  readOnly: ['The database can only be read for now', 2],
  unmigrated: ['The database lacks migrations of this program', 2],
  altered: ['The database is being altered', 2],
  working: ['The server has too many long bodies and comparisons to work on', 2],
  waiting: ['More calls wait for changes than this server can hold', 5],
  streams: ['More streams are open than this server can hold', 10],
  streamsHere: ['As many streams are open from this address as it may have', 10],
  crowded: ['More readers ask for what has to be read than this server can hold', 1],
  hashing: ['More log-ins than can be checked are waiting', 2],
  stopping: ['This server is stopping, and another one takes calls', 2],
} as const satisfies Readonly<Record<string, readonly [sentence: string, retryAfterS: number]>>;

export type Outage = keyof typeof outages;

/** The whole sentence. `one` names what was not done: the call, or one operation of it. */
export const outageSentence = (outage: Outage, one: string): string =>
  `${outages[outage][0]}; nothing was changed by ${one}.`;

export const unavailable = (cause?: unknown, outage: Outage = 'unreachable'): Failure =>
  new Failure('Unavailable', 'unavailable', outageSentence(outage, 'this call'), {
    retryAfterS: outages[outage][1],
    cause,
    outage,
  });

/** What shows that no other call would be served either. */
const awayOutages: readonly (Outage | undefined)[] = [
  'unreachable',
  'restarting',
  'connectionLimit',
  'failing',
  'slow',
];
export const isDatabaseAway = (thrown: unknown): thrown is Failure =>
  thrown instanceof Failure && thrown.kind === 'Unavailable' && awayOutages.includes(thrown.extras.outage);

export const outcomeUnknown = (cause: unknown) =>
  new Failure(
    'Unavailable',
    'outcome-unknown',
    'The database went out of reach while the change was being stored: it may or may not have happened. Read it before you repeat the call.',
    { retryAfterS: 2, cause, outage: 'unreachable' },
  );
