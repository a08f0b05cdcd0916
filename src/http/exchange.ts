import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamEnd } from './event-stream.ts';

/** How the log names an address that is remembered: its path, and path and route as they stand in a line. */
export type LoggedAddress = { readonly path: string; readonly json: string };

/** What the parts of the platform share about one request. Nothing is stored on `req` or `res`. */
export type Exchange = {
  readonly requestId: string;
  /** When it began, on the clock of `performance.now`. */
  readonly began: number;
  /** The path template of the route, for example `/v1/articles/{idOrSlug}`. */
  route: string | undefined;
  /** Its address as the log names it, if the road serves it. */
  logged: LoggedAddress | undefined;
  actorId: string | undefined;
  /** What was thrown, or reported by the handler. */
  error: unknown;
  /** How a stream ended; undefined for any other answer. */
  ended: StreamEnd | undefined;
  /** Frees what was prepared for the call. */
  release: (() => void) | undefined;
};

const acceptable = /^[\w.:-]{8,128}$/;

/** The caller's `X-Request-Id` if it is a plain word, else a new id. */
export function newExchange(req: IncomingMessage): Exchange {
  // Reading this caches it, for the log: a closed socket no longer knows its peer.
  void req.socket.remoteAddress;
  const sent = req.headers['x-request-id'];
  return {
    began: performance.now(),
    requestId: typeof sent === 'string' && acceptable.test(sent) ? sent : randomUUID(),
    route: undefined,
    logged: undefined,
    actorId: undefined,
    error: undefined,
    ended: undefined,
    release: undefined,
  };
}

export type Exchanges = {
  begin(req: IncomingMessage, res: ServerResponse): Exchange;
  of(res: ServerResponse): Exchange;
};

/** Gives each request an id, which the answer names. */
export function openExchanges(): Exchanges {
  const exchanges = new WeakMap<ServerResponse, Exchange>();
  const begin = (req: IncomingMessage, res: ServerResponse) => {
    const exchange = newExchange(req);
    exchanges.set(res, exchange);
    res.setHeader('X-Request-Id', exchange.requestId);
    return exchange;
  };
  return {
    begin,
    of: (res) => {
      const known = exchanges.get(res);
      if (known === undefined) throw new Error('this response did not begin here');
      return known;
    },
  };
}
