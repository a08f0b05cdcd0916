import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { Actor, Role } from '../core/actor.ts';
import type { KeysHeader } from '../core/cache-keys.ts';
import { Failure } from '../core/errors.ts';
import type { Pacing } from '../core/pacing.ts';
import { checkCondition, type Precondition } from '../core/precondition.ts';
import { type Authenticate, admit, bearerToken } from './authenticate.ts';
import { noBody, readJsonBody } from './body.ts';
import { callOf } from './call-of.ts';
import { canonicalTarget } from './canonical-query.ts';
import { readConditions, readIfMatch } from './conditional.ts';
import { varyByEncoding } from './cors.ts';
import { type AnyInput, type Endpoint, isKeepable, namesNothing, runsOnce, type Spec, takesBody } from './endpoint.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import type { Lanes } from './lanes.ts';
import { parseInput, querySchemaOf } from './parse.ts';
import { noQuery, type ReadQuery, readQuery, searchOf } from './query.ts';
import type { WriteLimit } from './rate-limit.ts';
import { fingerprintOf, idempotencyKeyOf, type RenderedAnswer, render } from './render.ts';
import { send } from './send.ts';
import { serveStream } from './serve-stream.ts';
import type { Streams } from './streams.ts';

/** Runs a POST once for each key of a caller. A repeat gets the first answer, unless its role is lower. See db/idempotency.ts. */
type RunOnce = (
  use: { caller: string; role: Role; key: string; fingerprint: string },
  work: () => Promise<{ status: number; headers: Readonly<Record<string, string>>; body: string; passing: boolean }>,
) => Promise<{
  answer: { status: number; headers: Readonly<Record<string, string>>; body: string };
  replayed: boolean;
}>;

/** What the routes need from the program. */
export type Platform = {
  readonly authenticate: Authenticate;
  readonly exchanges: Exchanges;
  readonly writeLimit: WriteLimit;
  readonly idempotency: { once: RunOnce };
  readonly publicUrl: string;
  readonly bodyBytesMax: number;
  readonly trustedProxies: number;
  /** For work that takes milliseconds on each long body. */
  readonly paced: Pacing;
  readonly lanes: Lanes;
  readonly keysHeader: KeysHeader;
  readonly streams: Streams;
};

async function actorOf(req: IncomingMessage, spec: Spec, authenticate: Authenticate): Promise<Actor | null> {
  if (spec.token === 'ignored') return null;
  try {
    const token = bearerToken(req);
    return token === undefined ? null : await authenticate(token);
  } catch (thrown) {
    if (spec.token === 'lenient' && thrown instanceof Failure && thrown.kind === 'Unauthenticated') return null;
    throw thrown;
  }
}

/** The precondition of the call. For a GET, `send` checks it against the answer. */
function conditionOf({ method, spec }: Endpoint, req: IncomingMessage): Precondition {
  if (spec.unconditional) return { kind: 'none' };
  return method === 'get' ? readIfMatch(req.headers['if-match']) : readConditions(req.headers);
}

/** One request on its road. */
type Serving = {
  readonly endpoint: Endpoint;
  readonly platform: Platform;
  readonly req: Request;
  readonly res: ServerResponse;
  readonly exchange: Exchange;
};

/** What was sent. `raw`: the body before its schema. `key`: the `Idempotency-Key`, if this route heeds one. */
type Received = {
  readonly input: AnyInput;
  readonly sent: ReadQuery;
  readonly raw: unknown;
  readonly isLong: boolean;
  readonly key: string | undefined;
};

/**
 * How long what was found of a caller counts. A body may take half a minute to come, calls wait behind long ones of the same
 * caller, and followers wait for news: without a second look somebody who was shut out goes on publishing and reading.
 */
const admittedMs = 500;

/** Who makes a call, and whether that still holds. */
type Caller = {
  readonly actor: Actor | null;
  /** Looks again if the last look is long ago, and throws 401 or 403 as the first one does. Gives whether the role is another. */
  again(): Promise<boolean>;
};

async function callerOf({ endpoint: { spec, method }, platform, req }: Serving): Promise<Caller> {
  let lookedAt = performance.now();
  let actor = await actorOf(req, spec, platform.authenticate);
  return {
    get actor() {
      return actor;
    },
    async again() {
      if (actor === null || performance.now() - lookedAt <= admittedMs) return false;
      const { role } = actor;
      lookedAt = performance.now();
      actor = await actorOf(req, spec, platform.authenticate);
      admit(actor, spec, method);
      return actor?.role !== role;
    },
  };
}

/** Who calls. Throws unless they may, before a byte of the body is read. */
async function admitted(serving: Serving): Promise<Caller> {
  const { endpoint, platform, res, exchange } = serving;
  const { spec, method } = endpoint;
  const caller = await callerOf(serving);
  const { actor } = caller;
  exchange.actorId = actor?.userId;
  admit(actor, spec, method);
  if (method !== 'get' && actor !== null && spec.access !== 'public') await platform.writeLimit(actor.userId, res);
  return caller;
}

/** Reads and parses what was sent. Throws every fault of it at once. */
async function receive({ endpoint, platform, req, res, exchange }: Serving, actor: Actor | null): Promise<Received> {
  const { spec, method } = endpoint;
  const { value: raw, isLong } = takesBody(method)
    ? await readJsonBody(req, res, {
        bytesMax: platform.bodyBytesMax,
        keysMax: spec.bodyKeysMax,
        optional: spec.bodyOptional === true || spec.body === undefined,
        patch: method === 'patch',
        paced: platform.paced,
      })
    : noBody;
  const search = searchOf(req.originalUrl);
  const key = runsOnce(method, spec) ? idempotencyKeyOf(req.headers['idempotency-key']) : undefined;
  const sent = search === '' ? noQuery : readQuery(search);
  const parse = () => parseInput(spec, actor !== null, sent, raw);
  const input: AnyInput = {
    params: Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)])),
    ...(isLong ? await platform.paced(parse) : parse()),
    actor,
    ifMatch: conditionOf(endpoint, req),
    call: callOf(req, exchange, { trustedProxies: platform.trustedProxies, keyed: key !== undefined }),
  };
  return { input, sent, raw, isLong, key };
}

/** Does the slow work of a call ahead of its transaction. A long call waits for one of its caller's lanes. */
async function prepare({ endpoint, platform, exchange }: Serving, { input, isLong }: Received): Promise<void> {
  const prepared = await endpoint.prepare?.(input);
  exchange.release = prepared?.release;
  if (input.actor === null || !(isLong || endpoint.spec.costly || prepared?.isLong)) return;
  const leave = await platform.lanes(input.actor.userId);
  exchange.release = () => {
    leave();
    prepared?.release();
  };
}

/** Handles the call, once for each `Idempotency-Key`, and sends the answer. */
async function reply(serving: Serving, { input, sent, raw, key }: Received, caller: Caller): Promise<void> {
  const { endpoint, platform, req, res } = serving;
  const { spec, method } = endpoint;
  const signedIn = input.actor !== null;
  const asked = {
    target: isKeepable(endpoint)
      ? canonicalTarget(req.originalUrl, querySchemaOf(spec, signedIn), input.query, sent)
      : req.originalUrl,
    signedIn,
    publicUrl: platform.publicUrl,
    keysHeader: platform.keysHeader,
  };
  const answer = async () => render(endpoint, asked, await endpoint.handle({ ...input, actor: caller.actor }));
  const { actor } = caller;
  if (key === undefined || actor === null) {
    const made = await answer();
    // What was written is told; what was only read is not shown to whoever may read it no more.
    return send(req, res, method === 'get' && (await caller.again()) ? await answer() : made);
  }
  const use = {
    caller: keyCallerOf(actor),
    role: actor.role,
    key,
    fingerprint: fingerprintOf(method, req.originalUrl, spec.body && raw),
  };
  const kept = await platform.idempotency.once(use, async () => keepable(await answer()));
  send(req, res, {
    ...kept.answer,
    passing: false,
    headers: { ...kept.answer.headers, ...(kept.replayed ? { 'Idempotency-Replayed': 'true' } : {}) },
  });
}

/** Serves one request: admit, parse, handle, reply. */
export async function serve(endpoint: Endpoint, platform: Platform, req: Request, res: ServerResponse): Promise<void> {
  const exchange = platform.exchanges.of(res);
  exchange.route = endpoint.path;
  // Others get answers of this route encoded.
  if (isKeepable(endpoint)) res.setHeader('Vary', `${res.getHeader('Vary')}, ${varyByEncoding}`);
  const serving = { endpoint, platform, req, res, exchange };
  const caller = await admitted(serving);
  const received = await receive(serving, caller.actor);
  const { input } = received;
  if (endpoint.spec.events) return serveStream({ endpoint, input, exchange }, platform, req, res);
  if (namesNothing(endpoint.method, endpoint.path)) checkCondition(input.ifMatch, null);
  await prepare(serving, received);
  await caller.again();
  await reply(serving, received, caller);
}

/** The scope of an `Idempotency-Key`: equal keys of two callers are different keys. */
const keyCallerOf = (actor: Actor) => (actor.key === null ? `user:${actor.userId}` : `key:${actor.key.id}`);

const keepable = ({ status, headers, body, passing }: RenderedAnswer) => ({
  status,
  headers,
  passing,
  body: body === null ? '' : body.toString(),
});
