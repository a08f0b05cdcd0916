import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import express from 'express';
import type { Deps } from './deps.ts';
import type { Authenticate } from './http/authenticate.ts';
import { type Cors, openCors } from './http/cors.ts';
import { newExchange, openExchanges } from './http/exchange.ts';
import type { LineOutput } from './http/known-line.ts';
import { openLanes } from './http/lanes.ts';
import { mount } from './http/mount.ts';
import { openRequestLog } from './http/request-log.ts';
import { type OwnHeaders, openRoad } from './http/road.ts';
import { openRoadMatch } from './http/road-match.ts';
import { securityHeaders } from './http/security.ts';
import { refuseMalformed } from './http/server/well-formed.ts';
import { openSignedRoad } from './http/signed-road.ts';
import { routeGroups } from './routes.ts';
import type { Services } from './services.ts';

/** Resolves a token to a machine with an access key or to a person who logged in. */
const authenticateOf =
  ({ auth, keys }: Services): Authenticate =>
  async (token) =>
    (await keys.authenticate(token)) ?? auth.authenticate(token);

const ownHeadersOf =
  (fixed: readonly string[], cors: Cors): OwnHeaders =>
  (req, { requestId }) => ['X-Request-Id', requestId, ...fixed, ...cors.headersFor(req.headers.origin)];

/** The most long calls of one account that run at once. */
const longAtOnceMax = 2;

/** The whole application as one listener for Node's HTTP server. `output` is where `deps.log` writes. */
export function createApp(deps: Deps, services: Services, output: LineOutput): RequestListener {
  const { config, log, metrics } = deps;
  const exchanges = openExchanges();
  const security = securityHeaders({ hstsSeconds: config.HSTS_SECONDS });
  const cors = openCors(config.CORS_ORIGINS);
  const groups = routeGroups(deps, services);
  const endpoints = groups.flatMap((group) => group.endpoints);
  const secretPaths = endpoints.flatMap(({ spec, path }) => (spec.secretPath ? [path.split('{', 1)[0] ?? path] : []));

  const app = express();
  // Express gives each request and answer another prototype, for helpers that nothing here uses. V8 then takes both for alive
  // until it collects all of the heap, with whatever they lead to: with the prototypes that they have, it does nothing.
  Object.assign(app, { request: IncomingMessage.prototype, response: ServerResponse.prototype });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  const authenticate = authenticateOf(services);
  mount(app, endpoints, {
    authenticate,
    exchanges,
    writeLimit: deps.writeLimit,
    idempotency: deps.idempotency,
    publicUrl: config.PUBLIC_URL,
    bodyBytesMax: config.BODY_BYTES_MAX,
    trustedProxies: config.TRUST_PROXY,
    paced: deps.paced,
    lanes: openLanes(longAtOnceMax),
    keysHeader: config.CACHE_KEYS_HEADER,
    streams: deps.streams,
  });

  const logRequest = openRequestLog({ log, output, secretPaths, trustedProxies: config.TRUST_PROXY });
  const onRoad = openRoadMatch(endpoints);
  const common = {
    publicUrl: config.PUBLIC_URL,
    keysHeader: config.CACHE_KEYS_HEADER,
    ownHeaders: ownHeadersOf(security.flat(), cors),
  };
  const signedRoad = openSignedRoad({ ...common, authenticate, trustedProxies: config.TRUST_PROXY });
  const road = openRoad({
    ...common,
    cache: deps.cache,
    plainBodies: deps.plainBodies,
    outage: deps.outage,
    staleMsMax: config.STALE_IF_ERROR_S * 1_000,
    sharedMaxAgeS: config.SHARED_MAX_AGE_S,
  });
  return (req, res) => {
    const call = onRoad(req);
    const exchange = call === null ? exchanges.begin(req, res) : newExchange(req);
    res.on('close', () => {
      const ms = performance.now() - exchange.began;
      logRequest(req, res, exchange, ms);
      metrics.observe(req, res, exchange, ms);
    });
    if (call !== null) return (call.signedIn ? signedRoad : road)(call, req, res, exchange);
    for (const [name, value] of security) res.setHeader(name, value);
    if (cors.answer(req, res) || refuseMalformed(req, res, exchange.requestId)) return;
    app(req, res);
  };
}
