import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain, openTraffic } from './drain.ts';
import { openRefusals } from './refusals.ts';

export type Listening = {
  readonly port: number;
  /**
   * Goes on answering for `delayMs`, closing the connection after each answer. Then accepts no more connections, lets
   * running requests end, and closes every connection, at the latest after another `limitMs`. Idempotent.
   */
  close(limitMs: number, delayMs?: number): Promise<void>;
};

/** How often answers that have ended are forgotten. A listener at the end of each would cost every call. */
const letGoMs = 2_000;

/** Listens on a port; 0 takes a free one. Rejects with the error of the socket, for example EADDRINUSE. */
export function listen(listener: RequestListener, options: { port: number; host: string }): Promise<Listening> {
  const traffic = openTraffic();
  const refusals = openRefusals(traffic.newestOf);
  const serve: RequestListener = (req, res) => {
    // A request after the last answer of its connection is not executed (RFC 9112, 9.6).
    if (!req.socket.writable) return void req.resume();
    traffic.begin(res);
    listener(req, res);
  };
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 2_000,
      // Node would answer with an empty 400. `well-formed.ts` checks the Host header instead.
      requireHostHeader: false,
    },
    serve,
  );
  server.maxConnections = 5_000;
  // Otherwise Node silently drops headers beyond a number. Their size in bytes is limited anyway.
  server.maxHeadersCount = 0;
  server.on('connection', traffic.connect);
  server.on('checkContinue', serve);
  server.on('checkExpectation', refusals.expectation);
  server.on('connect', refusals.tunnel);
  server.on('clientError', refusals.connection);
  const lettingGo = setInterval(traffic.letGo, letGoMs).unref();
  server.once('close', () => clearInterval(lettingGo));
  let closed: Promise<void> | null = null;
  const close = (limitMs: number, delayMs = 0) => {
    closed ??= drain(server, traffic, limitMs, delayMs);
    return closed;
  };
  return new Promise((resolve, reject) => {
    // The error may also come from looking up the name of HOST. Either way the address to listen on is at fault.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'listen', address: options.host })));
    server.listen(options.port, options.host, () => {
      server.removeAllListeners('error');
      // A connection could not be accepted, for example for lack of file descriptors. Unhandled, this would end the process.
      server.on('error', () => {});
      const address = server.address();
      resolve({ port: isAddress(address) ? address.port : options.port, close });
    });
  });
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
