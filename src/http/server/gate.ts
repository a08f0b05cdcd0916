import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Failure } from '../../core/errors.ts';
import { openExchanges } from '../exchange.ts';
import { sendProblem } from '../problem.ts';
import { openRequestLog } from '../request-log.ts';

/** Answers calls until the application is ready. */
export type Gate = { readonly listener: RequestListener; open(application: RequestListener): void };

/** Until it is opened, `/livez` answers 200 and everything else 503: we have the port, but the process is still starting. */
export function openGate(options: { log: Logger; trustedProxies: number }): Gate {
  let serve: RequestListener = answerStarting(options);
  return {
    listener: (req, res) => serve(req, res),
    open(application) {
      serve = application;
    },
  };
}

const starting = () =>
  new Failure('Unavailable', 'unavailable', 'The server is starting; try again in a moment.', { retryAfterS: 1 });

function answerStarting({ log, trustedProxies }: { log: Logger; trustedProxies: number }): RequestListener {
  const exchanges = openExchanges();
  // The routes are not known yet. A path that may hold a token is logged only up to the token.
  const logRequest = openRequestLog({ log, secretPaths: ['/v1/previews/'], trustedProxies });
  return (req: IncomingMessage, res: ServerResponse) => {
    const exchange = exchanges.begin(req, res);
    res.once('close', () => logRequest(req, res, exchange, performance.now() - exchange.began));
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Connection', 'close');
    if (req.url === '/livez' && (req.method === 'GET' || req.method === 'HEAD')) return answerAlive(res);
    exchange.error = starting();
    sendProblem(res, exchange.error, exchange.requestId);
  };
}

function answerAlive(res: ServerResponse): void {
  const bytes = Buffer.from('{"status":"ok"}');
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.setHeader('Cache-Control', 'no-store');
  res.end(bytes);
}
