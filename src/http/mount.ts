import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Express, Request } from 'express';
import type { Actor, Role } from '../core/actor.ts';
import type { KeysHeader } from '../core/cache-keys.ts';
import { Failure, methodNotAllowed, notFound } from '../core/errors.ts';
import type { Pacing } from '../core/pacing.ts';
import { patiently } from '../core/patience.ts';
import { checkCondition, type Precondition } from '../core/precondition.ts';
import { type Authenticate, admit, bearerToken } from './authenticate.ts';
import { mergePatchTypes, noBody, readJsonBody } from './body.ts';
import { callOf } from './call-of.ts';
import { canonicalTarget } from './canonical-query.ts';
import { readConditions, readIfMatch } from './conditional.ts';
import { varyByEncoding } from './cors.ts';
import {
  type AnyInput,
  type Endpoint,
  isKeepable,
  type Method,
  namesNothing,
  runsOnce,
  type Spec,
  takesBody,
} from './endpoint.ts';
import type { Exchanges } from './exchange.ts';
import type { Lanes } from './lanes.ts';
import { parseInput, querySchemaOf } from './parse.ts';
import { sendProblem } from './problem.ts';
import { noQuery, readQuery, searchOf } from './query.ts';
import type { WriteLimit } from './rate-limit.ts';
import { fingerprintOf, idempotencyKeyOf, type RenderedAnswer, render } from './render.ts';
import { send } from './send.ts';
import { serveStream } from './serve-stream.ts';
import { endAnswer } from './server/linger.ts';
import type { Streams } from './streams.ts';

/** Runs a POST once for each key of a caller. A repeat gets the first answer, unless its role is lower. See db/idempotency.ts. */
export type RunOnce = (
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

/** Serves one request: admit, parse, handle, reply. */
async function serve(endpoint: Endpoint, platform: Platform, req: Request, res: ServerResponse): Promise<void> {
  const { spec, method, path } = endpoint;
  const exchange = platform.exchanges.of(res);
  exchange.route = path;
  // Others get answers of this route encoded.
  if (isKeepable(endpoint)) res.setHeader('Vary', `${res.getHeader('Vary')}, ${varyByEncoding}`);
  const actor = await actorOf(req, spec, platform.authenticate);
  exchange.actorId = actor?.userId;
  admit(actor, spec, method);
  if (method !== 'get' && actor !== null && spec.access !== 'public') await platform.writeLimit(actor.userId, res);
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
  if (spec.events) return serveStream({ endpoint, input, exchange }, platform, req, res);
  if (namesNothing(method, path)) checkCondition(input.ifMatch, null);
  const prepared = await endpoint.prepare?.(input);
  exchange.release = prepared?.release;
  if (actor !== null && (isLong || spec.costly || prepared?.isLong)) {
    const leave = await platform.lanes(actor.userId);
    exchange.release = () => {
      leave();
      prepared?.release();
    };
  }
  const asked = {
    target: isKeepable(endpoint)
      ? canonicalTarget(req.originalUrl, querySchemaOf(spec, actor !== null), input.query, sent)
      : req.originalUrl,
    signedIn: actor !== null,
    publicUrl: platform.publicUrl,
    keysHeader: platform.keysHeader,
  };
  const answer = async () => render(endpoint, asked, await endpoint.handle(input));
  if (key === undefined || actor === null) return send(req, res, await answer());
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

/** The scope of an `Idempotency-Key`: equal keys of two callers are different keys. */
const keyCallerOf = (actor: Actor) => (actor.key === null ? `user:${actor.userId}` : `key:${actor.key.id}`);

const keepable = ({ status, headers, body, passing }: RenderedAnswer) => ({
  status,
  headers,
  passing,
  body: body === null ? '' : body.toString(),
});

/** Sorts static segments before parameters, so that `/articles/bulk` is never read as the slug `bulk`. */
const bySpecificity = (a: string, b: string) => {
  const key = (path: string) => path.replaceAll(/\{\w+\}/g, '\uffff');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
};

/** Whether a pattern matches a path. */
function covers(pattern: string, path: string): boolean {
  const segments = path.split('/');
  const own = pattern.split('/');
  return own.length === segments.length && own.every((one, index) => one.startsWith('{') || one === segments[index]);
}

/** Express tries paths in order, so readers' routes come first, along with the static paths that they must not hide. */
function inOrder(endpoints: readonly Endpoint[]): string[] {
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort(bySpecificity);
  const asked = endpoints.filter(isKeepable);
  const early = paths.filter((path) => asked.some((endpoint) => covers(endpoint.path, path)));
  return [...new Set([...early, ...paths])];
}

const allowed = (methods: readonly Method[]): string[] => [
  ...methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  'OPTIONS',
];

/** Adds the routes to Express: each path with its methods, 405 with `Allow` for other methods, 404 for other paths. */
export function mount(app: Express, endpoints: readonly Endpoint[], platform: Platform): void {
  const fail = (res: ServerResponse, thrown: unknown) => {
    const exchange = platform.exchanges.of(res);
    exchange.error = thrown;
    if (!res.headersSent)
      sendProblem(res, thrown, exchange.requestId, exchange.actorId === undefined ? platform.keysHeader : undefined);
    else res.destroy();
  };
  for (const path of inOrder(endpoints)) {
    const here = endpoints.filter((endpoint) => endpoint.path === path);
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const endpoint of here) {
      route[endpoint.method]((req, res) => {
        const served = () => serve(endpoint, platform, req, res);
        const done = endpoint.method === 'get' ? served() : patiently(served);
        return done.catch((thrown: unknown) => fail(res, thrown)).finally(() => platform.exchanges.of(res).release?.());
      });
    }
    const allow = allowed(here.map(({ method }) => method));
    route.options((_req, res) => {
      res.statusCode = 204;
      res.setHeader('Allow', allow.join(', '));
      if (allow.includes('PATCH')) res.setHeader('Accept-Patch', mergePatchTypes.join(', '));
      endAnswer(res);
    });
    route.all((_req, res) => fail(res, methodNotAllowed(allow)));
  }
  app.use((_req, res) => fail(res, notFound('There is no such address.')));
  const onError: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => fail(res, thrown);
  app.use(onError);
}
