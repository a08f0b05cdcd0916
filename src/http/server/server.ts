import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain, openTraffic } from './drain.ts';
import { openRefusals } from './refusals.ts';

export type Listening = {
  readonly port: number;
  /**
   * Goes on answering for `delayMs`, each answer the last of its connection; then takes no more connections, lets
   * running requests end, and closes every connection, at the latest after `limitMs` more. A second call is the first.
   */
  close(limitMs: number, delayMs?: number): Promise<void>;
};

/** Listens on a port; 0 takes a free one. Rejects with the error of the socket, as EADDRINUSE. */
export function listen(listener: RequestListener, options: { port: number; host: string }): Promise<Listening> {
  const traffic = openTraffic();
  const refusals = openRefusals();
  const serve: RequestListener = (req, res) => {
    // Behind the last answer of its connection nothing is carried out (RFC 9112, 9.6).
    if (!req.socket.writable) return void req.resume();
    traffic.begin(res);
    refusals.begin(req, res);
    listener(req, res);
  };
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 2_000,
      // Node would answer with an empty 400; http/well-formed.ts looks at it.
      requireHostHeader: false,
    },
    serve,
  );
  server.maxConnections = 5_000;
  // Node drops headers beyond a number without a word; their bytes are limited anyway.
  server.maxHeadersCount = 0;
  server.on('connection', traffic.connect);
  server.on('checkContinue', serve);
  server.on('checkExpectation', refusals.expectation);
  server.on('connect', refusals.tunnel);
  server.on('clientError', refusals.connection);
  let closed: Promise<void> | null = null;
  const close = (limitMs: number, delayMs = 0) => {
    closed ??= drain(server, traffic, limitMs, delayMs);
    return closed;
  };
  return new Promise((resolve, reject) => {
    // The name of HOST is looked up on the way; what is at fault is all the same where it was to listen.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'listen', address: options.host })));
    server.listen(options.port, options.host, () => {
      server.removeAllListeners('error');
      // A connection that could not be taken, as without free descriptors: unheard, it would end the process.
      server.on('error', () => {});
      const address = server.address();
      resolve({ port: isAddress(address) ? address.port : options.port, close });
    });
  });
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
