import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeysHeader } from '../core/cache-keys.ts';
import { type Authenticate, admit, bearerToken } from './authenticate.ts';
import { callOf } from './call-of.ts';
import { readIfMatch } from './conditional.ts';
import type { Exchange } from './exchange.ts';
import { sendProblem } from './problem.ts';
import { type RenderedAnswer, render } from './render.ts';
import type { OwnHeaders, Road } from './road.ts';
import type { RoadCall } from './road-match.ts';
import { send, setHeaders } from './send.ts';

export type SignedRoadParts = {
  authenticate: Authenticate;
  publicUrl: string;
  trustedProxies: number;
  keysHeader: KeysHeader;
  ownHeaders: OwnHeaders;
};

/**
 * Serves calls with a token without Express: who calls is asked at each call, and nothing of the answer is kept or encoded.
 */
export function openSignedRoad(parts: SignedRoadParts): Road {
  const { authenticate, publicUrl, trustedProxies, keysHeader, ownHeaders } = parts;

  const read = async (
    { endpoint, params, query, target }: RoadCall,
    req: IncomingMessage,
    exchange: Exchange,
  ): Promise<RenderedAnswer> => {
    const token = bearerToken(req);
    const actor = token === undefined ? null : await authenticate(token);
    exchange.actorId = actor?.userId;
    admit(actor, endpoint.spec, endpoint.method);
    const ifMatch = readIfMatch(req.headers['if-match']);
    const call = callOf(req, exchange, { trustedProxies, keyed: false });
    const given = await endpoint.handle({ params, query, body: undefined, actor, ifMatch, call });
    return render(endpoint, { target, signedIn: actor !== null, publicUrl, keysHeader }, given);
  };

  /** What has a condition, a redirect or no body takes the steps of every other answer. */
  const reply = (req: IncomingMessage, res: ServerResponse, own: string[], answer: RenderedAnswer) => {
    const { status, headers, body } = answer;
    const { 'if-match': condition, 'if-none-match': known } = req.headers;
    if (body === null || condition !== undefined || known !== undefined) {
      setHeaders(res, own);
      return send(req, res, answer);
    }
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    own.push(...Object.entries(headers).flat(), 'Content-Length', String(bytes.length));
    res.writeHead(status, own).end(req.method === 'HEAD' ? undefined : bytes);
  };

  const fail = (req: IncomingMessage, res: ServerResponse, exchange: Exchange, thrown: unknown) => {
    exchange.error = thrown;
    if (res.headersSent) return void res.destroy();
    setHeaders(res, ownHeaders(req, exchange));
    sendProblem(res, thrown, exchange.requestId, exchange.actorId === undefined ? keysHeader : undefined);
  };

  return (call, req, res, exchange) => {
    exchange.route = call.endpoint.path;
    exchange.logged = call.logged;
    read(call, req, exchange)
      .then((answer) => reply(req, res, ownHeaders(req, exchange), answer))
      .catch((thrown: unknown) => fail(req, res, exchange, thrown));
  };
}
