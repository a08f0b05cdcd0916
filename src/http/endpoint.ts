import type { z } from 'zod';
import type { Access, Actor } from '../core/actor.ts';
import type { Call, Prepared } from '../core/call.ts';
import type { FailureKind } from '../core/errors.ts';
import type { Precondition } from '../core/precondition.ts';
import type { CachePolicy } from './caching.ts';
import type { Answer } from './json.ts';
import type { ProblemCode } from './openapi/problem-codes.ts';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** The description of one operation. The router, the document, the metrics and the tests of every route read it. */
export type Spec = {
  /** The operation's id in the document. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The sort order of a list, down to what decides between equals. */
  readonly order?: string;
  readonly access: Access;
  readonly query?: z.ZodType;
  /** The query of a caller without a token, if it may ask for less than `query`. */
  readonly publicQuery?: z.ZodType;
  /** The schema of the body. For a PATCH it is a JSON Merge Patch (RFC 7396). */
  readonly body?: z.ZodType;
  readonly bodyOptional?: boolean;
  /** The maximum number of keys in the JSON of the body, if it holds many things. Default: 1,000. */
  readonly bodyKeysMax?: number;
  /** The answer may take long to make, even if the request body is short. See `lanes.ts`. */
  readonly costly?: true;
  /** The body is a JSON Merge Patch (RFC 7396). */
  readonly mergePatch?: boolean;
  readonly reply: z.ZodType | null;
  readonly status?: 200 | 201;
  /** A PUT that answers 201 with `Location` if it creates the thing. */
  readonly creates?: true;
  readonly cache?: CachePolicy;
  /** The call needs `If-Match`. */
  readonly ifMatch?: true;
  /** `If-Match` and `If-None-Match` are ignored: the call is about nothing that has a version. */
  readonly unconditional?: true;
  /** The 204 has an ETag: the version that the next write needs. */
  readonly versioned?: true;
  /** The answer of a GET differs at each call: it has no ETag and is never 304. */
  readonly tagless?: true;
  /** What the operation creates has no version: its 201 has no ETag. */
  readonly unversioned?: true;
  /** The path holds a secret: nothing that follows its fixed part is logged. */
  readonly secretPath?: true;
  /** `ignored`: the Authorization header is not looked at; `lenient`: a bad token counts as none. */
  readonly token?: 'ignored' | 'lenient';
  /** `false`: not to be called with an access key; `unlimited`: only with one that has no limits. */
  readonly keys?: false | 'unlimited';
  /** Failures in addition to those that the rest of the spec implies, by kind or by code. */
  readonly failures?: readonly FailureKind[];
  readonly codes?: readonly ProblemCode[];
  /** The operation can also answer 308. */
  readonly redirects?: true;
  /** An example of the body, in Bangla where people read it. */
  readonly bodyExample?: unknown;
  /** What the example of the reply has different from the one made from its schema. */
  readonly replyExample?: unknown;
  /** The path where the created thing can be read, with members of the example in braces. Default: its id below the path. */
  readonly location?: string;
  /** Headers of the answer in addition to those that the rest of the spec implies. */
  readonly headers?: readonly string[];
  /** The answer is a stream of these events, by name; `message` is the name of an event that has none. */
  readonly events?: Readonly<Record<string, z.ZodType>>;
  /** The media type of the answer, if it is not JSON. A comma list if there are several. */
  readonly mediaType?: string;
};

/** True for a creating POST: its path names nothing that could exist before the call. On `/auth`, the account exists. */
export const namesNothing = (method: Method, path: string) =>
  method === 'post' && !path.includes('{') && !path.startsWith('/v1/auth/');

/**
 * Whether a body is read. A write whose spec has no body takes none or `{}`: one with members means something that the call
 * does not do.
 */
export const takesBody = (method: Method) => method !== 'get';

/** Whether caches may keep its answers to callers without a token. They are forgotten by what they show. */
export const isKeepable = ({ method, spec }: Pick<Endpoint, 'method' | 'spec'>) =>
  method === 'get' && spec.access === 'public' && (spec.cache === 'page' || spec.cache === 'list');

/** Every POST that needs a token takes an `Idempotency-Key`. */
export const runsOnce = (method: Method, spec: Spec) => method === 'post' && spec.access !== 'public';

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type Shape<Schema> = Schema extends z.ZodType ? z.input<Schema> : null;

/** What a handler gets: everything checked and typed by the spec. `actor` is never null if a token is needed. */
export type Input<Path extends string, S extends Spec> = {
  readonly params: Readonly<Record<Names<Path>, string>>;
  readonly query: Parsed<S['query']>;
  readonly body: S['bodyOptional'] extends true ? Parsed<S['body']> | undefined : Parsed<S['body']>;
  readonly actor: S['access'] extends 'public' ? Actor | null : Actor;
  readonly ifMatch: Precondition;
  readonly call: Call;
};

/** The input of any handler, as the platform passes it. */
export type AnyInput = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly actor: Actor | null;
  readonly ifMatch: Precondition;
  readonly call: Call;
};

export type Endpoint = {
  readonly method: Method;
  readonly path: string;
  readonly spec: Spec;
  readonly handle: (input: AnyInput) => Promise<Answer<unknown>>;
  /** Slow work that is done before any transaction of the call begins. */
  prepare?(input: AnyInput): Promise<Prepared>;
};

const endpoint =
  (method: Method) =>
  <const Path extends string, const S extends Spec>(
    path: Path,
    spec: S,
    handle: (input: Input<Path, S>) => Promise<Answer<Shape<S['reply']>>>,
    prepare?: (input: Input<Path, S>) => Promise<Prepared>,
  ): Endpoint => ({
    method,
    path,
    spec,
    // A cast: `serve` calls a handler only with what the spec's own schemas made.
    handle: handle as (input: AnyInput) => Promise<Answer<unknown>>,
    ...(prepare ? { prepare } : {}),
  });

export const get = endpoint('get');

export const post = endpoint('post');

export const patch = endpoint('patch');

export const put = endpoint('put');

export const del = endpoint('delete');
