import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-Request-Id',
  // Sent by scripts that read streams with fetch.
  'Last-Event-ID',
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

/** What answers vary by if they may be encoded. */
export const varyByEncoding = 'Accept-Encoding';

export type Cors = {
  /** Sets the headers of the answer. Returns whether the request was a preflight and has been answered. */
  answer(req: IncomingMessage, res: ServerResponse): boolean;
  /** The same headers of an answer to a GET that may be encoded, as a flat list of names and values. */
  headersFor(origin: string | undefined): readonly string[];
};

/** The headers that are set on it, in order. */
function openCollector() {
  const headers = new Map<string, string>();
  return {
    headers,
    setHeader: (name: string, value: string) => void headers.set(name, value),
    getHeader: (name: string) => headers.get(name),
    end: () => undefined,
  };
}

/**
 * Lets the configured origins (or `*`) read our answers, errors too, and answers preflights without a token. Any other
 * origin gets no header that allows it anything. `Vary` is always sent, also without an Origin, for caches.
 */
export function openCors(origins: readonly string[]): Cors {
  const any = origins.includes('*');
  const allow = cors({
    origin: any ? '*' : [...origins],
    methods,
    allowedHeaders,
    exposedHeaders,
    maxAge: 7_200,
  });
  const vary = any ? 'Authorization' : 'Authorization, Origin';
  const listFor = (origin: string | undefined): readonly string[] => {
    const collector = openCollector();
    collector.setHeader('Vary', `${vary}, ${varyByEncoding}`);
    if (origin !== undefined) allow({ method: 'GET', headers: { origin } }, collector, () => undefined);
    return [...collector.headers].flat();
  };
  const plain = listFor(undefined);
  const lists = new Map(origins.map((origin) => [origin, listFor(origin)]));
  return {
    answer(req, res) {
      const { origin } = req.headers;
      res.setHeader('Vary', vary);
      if (origin === undefined || !(any || origins.includes(origin))) return false;
      if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
        allow({ method: 'GET', headers: req.headers }, res, () => undefined);
        return false;
      }
      const collector = openCollector();
      collector.setHeader('Vary', vary);
      allow({ method: 'OPTIONS', headers: req.headers }, collector, () => undefined);
      // The library sets it for browsers of long ago; an answer with 204 has none (RFC 9110, 8.6).
      collector.headers.delete('Content-Length');
      for (const [name, value] of collector.headers) res.setHeader(name, value);
      res.statusCode = 204;
      res.end();
      return true;
    },
    headersFor: (origin) => (origin === undefined ? plain : (lists.get(any ? '*' : origin) ?? plain)),
  };
}
