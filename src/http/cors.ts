import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-Request-Id',
  // Sent by browsers' cache control and by tracing.
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
 * Lets the configured origins (or `*`) read our answers, errors too, and answers preflights without a token. Any other
 * origin gets no header that allows it anything. `Vary` is always sent, also without an Origin, for caches. Returns whether
 * the request was a preflight and has been answered.
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
