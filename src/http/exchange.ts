import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the parts of the platform share about one request. Nothing is stored on `req` or `res`. */
export type Exchange = {
  readonly requestId: string;
  /** The path template of the route, for example `/v1/articles/{idOrSlug}`. */
  route: string | undefined;
  actorId: string | undefined;
  /** What was thrown, or reported by the handler. */
  error: unknown;
  /** Frees what was prepared for the call. */
  release: (() => void) | undefined;
};

export type Exchanges = {
  begin(req: IncomingMessage, res: ServerResponse): Exchange;
  of(res: ServerResponse): Exchange;
};

const acceptable = /^[\w.:-]{8,128}$/;

/** Gives each request an id: the caller's `X-Request-Id` if it is a plain word, else a new one. The answer names it. */
export function openExchanges(): Exchanges {
  const exchanges = new WeakMap<ServerResponse, Exchange>();
  const begin = (req: IncomingMessage, res: ServerResponse) => {
    const sent = req.headers['x-request-id'];
    const requestId = typeof sent === 'string' && acceptable.test(sent) ? sent : randomUUID();
    const exchange: Exchange = {
      requestId,
      route: undefined,
      actorId: undefined,
      error: undefined,
      release: undefined,
    };
    exchanges.set(res, exchange);
    res.setHeader('X-Request-Id', requestId);
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
