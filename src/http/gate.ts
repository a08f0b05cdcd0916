import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { newId } from '../core/ids.ts';
import { problemJson } from './problem.ts';

/** Takes calls before there is an application to serve them. */
export type Gate = { readonly listener: RequestListener; open(application: RequestListener): void };

/** Until it is opened, `/livez` is 200 and everything else 503: the port is ours, and the process is starting. */
export function openGate(): Gate {
  let serve: RequestListener = answerStarting;
  return {
    listener: (req, res) => serve(req, res),
    open(application) {
      serve = application;
    },
  };
}

function answerStarting(req: IncomingMessage, res: ServerResponse): void {
  const requestId = newId();
  const alive = req.url === '/livez' && (req.method === 'GET' || req.method === 'HEAD');
  const problem = { status: 503, code: 'unavailable', detail: 'The server is starting; try again in a moment.' };
  const bytes = Buffer.from(alive ? '{"status":"ok"}' : problemJson(problem, requestId));
  res.writeHead(alive ? 200 : 503, {
    'Content-Type': alive ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    Connection: 'close',
    ...(alive ? {} : { 'Retry-After': '1' }),
  });
  res.end(bytes);
}
