import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-Request-Id',
  // What a browser's own cache control and tracing send.
  'Cache-Control',
  'Pragma',
  'traceparent',
  'tracestate',
  'baggage',
];
const exposedHeaders = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'Idempotency-Replayed',
  'Allow',
  'Accept-Patch',
  'WWW-Authenticate',
  'Date',
  'Age',
];
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];

/**
 * Lets the configured origins (or `*`) read our answers, errors among them; answers preflights itself, without a token.
 * Another origin gets no header that allows it anything. `Vary` tells caches of it, also where no Origin was sent.
 * Gives whether the request was a preflight and is answered.
 */
export function openCors(origins: readonly string[]): (req: IncomingMessage, res: ServerResponse) => boolean {
  const any = origins.includes('*');
  const allow = cors({
    origin: any ? '*' : [...origins],
    methods,
    allowedHeaders,
    exposedHeaders,
    maxAge: 7_200,
    optionsSuccessStatus: 204,
  });
  const vary = any ? 'Authorization' : 'Authorization, Origin';
  return (req, res) => {
    const { origin } = req.headers;
    res.setHeader('Vary', vary);
    if (origin === undefined || !(any || origins.includes(origin))) return false;
    const preflight = req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined;
    allow({ method: preflight ? 'OPTIONS' : 'GET', headers: req.headers }, res, () => undefined);
    return preflight;
  };
}
