import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Express, Request } from 'express';
import type { Actor } from '../core/actor.ts';
import { methodNotAllowed, notFound } from '../core/errors.ts';
import { clientAddress } from './address.ts';
import { type Authenticate, admit, bearerToken } from './authenticate.ts';
import { readJsonBody } from './body.ts';
import { cacheControl } from './caching.ts';
import { etagOf, notModified, readIfMatch } from './conditional.ts';
import type { AnyInput, Endpoint, Method, Spec } from './endpoint.ts';
import type { Exchanges } from './exchange.ts';
import type { Answer } from './json.ts';
import { nextLink } from './link.ts';
import { parseInput } from './parse.ts';
import { sendProblem } from './problem.ts';
import { readQuery, searchOf } from './query.ts';
import type { WriteLimit } from './rate-limit.ts';

/** What the routes need of the house. */
export type Platform = {
  readonly authenticate: Authenticate;
  readonly exchanges: Exchanges;
  readonly writeLimit: WriteLimit;
  readonly publicUrl: string;
  readonly bodyBytesMax: number;
  readonly trustedProxies: number;
};

async function actorOf(req: IncomingMessage, spec: Spec, authenticate: Authenticate): Promise<Actor | null> {
  if (spec.token === 'ignored') return null;
  try {
    const token = bearerToken(req);
    return token === undefined ? null : await authenticate(token);
  } catch (thrown) {
    if (spec.token === 'lenient') return null;
    throw thrown;
  }
}

/** One request through one route: admit, parse, handle, reply. */
async function serve(endpoint: Endpoint, platform: Platform, req: Request, res: ServerResponse): Promise<void> {
  const { spec, method, path } = endpoint;
  const exchange = platform.exchanges.of(res);
  exchange.route = path;
  const actor = await actorOf(req, spec, platform.authenticate);
  exchange.actorId = actor?.userId;
  admit(actor, spec.access);
  if (method !== 'get' && actor !== null) await platform.writeLimit(actor.userId, res);
  const raw = spec.body
    ? await readJsonBody(req, res, {
        bytesMax: platform.bodyBytesMax,
        optional: spec.bodyOptional === true,
        mergePatch: spec.mergePatch === true,
      })
    : undefined;
  const search = searchOf(req.originalUrl);
  const input: AnyInput = {
    params: Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)])),
    ...parseInput(spec, actor, search === '' ? {} : readQuery(search), raw),
    actor,
    ifMatch: readIfMatch(req.headers['if-match']),
    call: {
      requestId: exchange.requestId,
      address: clientAddress(req, platform.trustedProxies),
      accept: req.headers.accept ?? '',
    },
  };
  reply(req, res, endpoint, platform.publicUrl, actor !== null, await endpoint.handle(input));
}

function reply(
  req: IncomingMessage,
  res: ServerResponse,
  endpoint: Endpoint,
  publicUrl: string,
  signedIn: boolean,
  given: Answer<unknown>,
): void {
  const { spec, method, path } = endpoint;
  res.setHeader('Cache-Control', cacheControl(method === 'get' ? (spec.cache ?? 'never') : 'never', signedIn));
  for (const [name, value] of Object.entries(given.headers ?? {})) res.setHeader(name, value);
  if (given.redirect !== undefined) {
    const search = searchOf(req.url ?? '');
    res.statusCode = 308;
    res.setHeader('Location', `${publicUrl}${given.redirect}${search === '' ? '' : `?${search}`}`);
    return void res.end();
  }
  if (given.body === null) {
    res.statusCode = 204;
    return void res.end();
  }
  const { text } = given.body;
  if (method === 'get' || given.version !== undefined) {
    const etag = etagOf(text, given.version);
    res.setHeader('ETag', etag);
    if (method === 'get' && notModified(req.headers['if-none-match'], etag)) {
      res.statusCode = 304;
      return void res.end();
    }
  }
  if (given.location !== undefined) res.setHeader('Location', `${publicUrl}${given.location}`);
  if (given.nextCursor) res.setHeader('Link', nextLink(publicUrl, path, searchOf(req.url ?? ''), given.nextCursor));
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  res.statusCode = spec.status ?? 200;
  res.setHeader(
    'Content-Type',
    given.mediaType ?? (spec.reply === null ? spec.mediaType : undefined) ?? 'application/json; charset=utf-8',
  );
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}

/** Static segments before parameters, so that `/articles/bulk` is never read as the slug `bulk`. */
const bySpecificity = (a: string, b: string) => {
  const key = (path: string) => path.replaceAll(/\{\w+\}/g, '\uffff');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
};

const allowed = (methods: readonly Method[]): string[] => [
  ...methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  'OPTIONS',
];

/** Puts the routes into Express: each path with its methods, 405 with `Allow` for the others, 404 for every other path. */
export function mount(app: Express, endpoints: readonly Endpoint[], platform: Platform): void {
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort(bySpecificity);
  const fail = (res: ServerResponse, thrown: unknown) => {
    const exchange = platform.exchanges.of(res);
    exchange.error = thrown;
    if (!res.headersSent) sendProblem(res, thrown, exchange.requestId);
    else res.destroy();
  };
  for (const path of paths) {
    const here = endpoints.filter((endpoint) => endpoint.path === path);
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const endpoint of here) {
      route[endpoint.method]((req, res) =>
        serve(endpoint, platform, req, res).catch((thrown: unknown) => fail(res, thrown)),
      );
    }
    const allow = allowed(here.map(({ method }) => method));
    route.options((_req, res) => {
      res.statusCode = 204;
      res.setHeader('Allow', allow.join(', '));
      res.end();
    });
    route.all((_req, res) => fail(res, methodNotAllowed(allow)));
  }
  app.use((_req, res) => fail(res, notFound('There is no such address.')));
  const onError: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => fail(res, thrown);
  app.use(onError);
}
