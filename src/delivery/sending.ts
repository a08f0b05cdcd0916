import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { errorCode } from '../core/error-code.ts';
import { type Connections, NotAllowed } from './connections.ts';
import type { Answer, FailureKind } from './outcomes.ts';
import { retryAfterMs } from './pauses.ts';
import type { Sent } from './purging.ts';

/** Sends one request and reads so much of its answer as is kept. */

const connectMs = 5_000;
const wholeMs = 10_000;

/** An answer up to this long is read to its end, so that its connection can be used again. A longer one is cut off. */
const readBytesMax = 65_536;

/** How much of an answer the log of attempts keeps. */
const keptBytesMax = 1_024;

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Text that PostgreSQL stores: without NUL, and without the half of a character at its end. */
const textOf = (parts: readonly Buffer[]): string | null => {
  const bytes = Buffer.concat(parts).subarray(0, keptBytesMax);
  const text = new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '');
  return text === '' ? null : text;
};

/** Reads an answer until it ends, breaks or is too long. Returns its beginning; null if that is empty. */
function readAnswer(response: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const kept: Buffer[] = [];
    let [size, keeping] = [0, 0];
    response.on('data', (part: Buffer) => {
      if (keeping < keptBytesMax) kept.push(part);
      keeping += part.length;
      size += part.length;
      if (size > readBytesMax) response.destroy();
    });
    response.once('error', () => {});
    response.once('close', () => resolve(textOf(kept)));
  });
}

/** Fails the request if it has no connection in time. A connection that is used again has one. */
function limitConnecting(request: ClientRequest, isSecure: boolean): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new TooSlow()), connectMs);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
  });
}

const failureOfStatus = (status: number): FailureKind | null => {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirect' : 'status';
};

const failureOfError = (error: unknown): FailureKind => {
  if (error instanceof NotAllowed) return 'not-allowed';
  return error instanceof TooSlow ? 'timeout' : 'unreachable';
};

export const unanswered = (failure: FailureKind): Answer => ({ status: null, failure, text: null, retryAfterMs: null });

/** A connection that was kept may have been closed by the other side just now: then nobody has read the request. */
const wasClosed = (request: ClientRequest, error: unknown) =>
  request.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '');

export type Send = (receiver: string, request: Sent, stop: AbortSignal) => Promise<Answer>;

export function openSending(connections: Connections, agentName: string): Send {
  const exchange = (receiver: string, { url, method, headers, body }: Sent, stop: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const isSecure = url.startsWith('https:');
      const request = (isSecure ? https : http).request(url, {
        method,
        agent: connections.to(receiver, url),
        signal: stop,
        headers: { 'User-Agent': agentName, ...headers, 'Content-Length': Buffer.byteLength(body) },
      });
      let answered = false;
      const timer = setTimeout(() => request.destroy(new TooSlow()), wholeMs);
      limitConnecting(request, isSecure);
      request.once('response', (response) => {
        answered = true;
        const { statusCode: status = 0, headers: said } = response;
        void readAnswer(response).then((text) => {
          clearTimeout(timer);
          const asked = retryAfterMs(said['retry-after'], Date.now());
          const failure = failureOfStatus(status);
          resolve({ status, failure, text, retryAfterMs: failure === null ? null : asked });
        });
      });
      request.on('error', (error) => {
        // What breaks after the head of the answer has come is seen where it is read.
        if (answered) return;
        clearTimeout(timer);
        if (wasClosed(request, error)) exchange(receiver, { url, method, headers, body }, stop).then(resolve, reject);
        else reject(error);
      });
      request.end(body);
    });

  return (receiver, request, stop) =>
    exchange(receiver, request, stop).catch((error: unknown) => unanswered(failureOfError(error)));
}
