import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { newId } from '../core/ids.ts';
import { problemJson } from './problem.ts';

export type Listening = {
  readonly port: number;
  /** Lets running requests end, then closes every connection, at the latest after `limitMs`. */
  close(limitMs: number): Promise<void>;
};

/** What Node refuses before there is a request, as the problems that they are. */
const parserProblems: Readonly<Record<string, [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The headers may have 16 KiB in all.'],
  HPE_INVALID_URL: [400, 'invalid-address', 'Percent-encode the address as UTF-8.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too-large', 'The chunk extensions are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'The request did not arrive in time.'],
};

function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const known = parserProblems[error.code ?? ''] ?? [
    400,
    'malformed-request',
    'This is not a well-formed HTTP request.',
  ];
  const [status, code, detail] = known;
  const requestId = newId();
  const body = Buffer.from(problemJson({ status, code, detail }, requestId));
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
          `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n`,
      ),
      body,
    ]),
  );
}

function refuseExpectation(_req: IncomingMessage, res: ServerResponse): void {
  const requestId = newId();
  const body = problemJson(
    { status: 417, code: 'expectation-failed', detail: 'The one expectation met here is 100-continue.' },
    requestId,
  );
  res.writeHead(417, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'X-Request-Id': requestId,
    Connection: 'close',
  });
  res.end(body);
}

/** Listens on a port; 0 takes a free one. Rejects with the error of the socket, as EADDRINUSE. */
export function listen(listener: RequestListener, options: { port: number; host: string }): Promise<Listening> {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 2_000 },
    listener,
  );
  server.maxConnections = 5_000;
  server.on('checkContinue', listener);
  server.on('checkExpectation', refuseExpectation);
  server.on('clientError', refuseConnection);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ port: isAddress(address) ? address.port : options.port, close: (limitMs) => drain(server, limitMs) });
    });
  });
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function drain(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.closeAllConnections(), limitMs);
    server.close(() => {
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}
