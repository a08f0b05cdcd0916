import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../../core/ids.ts';
import { type Problem, problemJson } from '../problem.ts';
import { closeGently } from './linger.ts';

/** Status, code and sentence for what Node's parser refuses, by error code. */
const parserProblems: Readonly<Record<string, [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The headers may have 16 KiB in all, the address among them.'],
  HPE_INVALID_URL: [400, 'malformed-request', 'Percent-encode the address as UTF-8.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too-large', 'The chunk extensions are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'The request did not arrive in time.'],
};
const malformed = [400, 'malformed-request', 'This is not a well-formed HTTP request.'] as const;

/** Headers and body of an answer that closes its connection. */
function parting(problem: Problem): { headers: Record<string, string>; body: Buffer } {
  const requestId = newId();
  const body = Buffer.from(problemJson(problem, requestId));
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    Connection: 'close',
  };
  return { headers, body };
}

function partingBytes(problem: Problem, more: Readonly<Record<string, string>> = {}): Buffer {
  const { status } = problem;
  const { headers, body } = parting(problem);
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`), body]);
}

function refusalOf(error: { code?: string }): Buffer {
  const [status, code, detail] = parserProblems[error.code ?? ''] ?? malformed;
  return partingBytes({ status, code, detail });
}

/** Refuses CONNECT (RFC 9110, 9.3.6). Node does not pass it to the application, and would close it without an answer. */
function noTunnel(): Buffer {
  const allow = 'GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS';
  return partingBytes({ status: 405, code: 'method-not-allowed', detail: `Use one of: ${allow}.` }, { Allow: allow });
}

/** Answers what never reaches the application. */
export type Refusals = {
  connection(error: Error & { code?: string }, socket: Socket): void;
  expectation(req: IncomingMessage, res: ServerResponse): void;
  tunnel(req: IncomingMessage): void;
};

/** A refusal waits until the answers to what came before on its connection are sent. */
export function openRefusals(newestOf: (socket: Socket) => ServerResponse | undefined): Refusals {
  const refused = new WeakSet<Socket>();
  const refuse = (error: Error & { code?: string }, socket: Socket) => {
    if (!socket.writable) socket.destroy();
    else closeGently(socket, refusalOf(error));
  };
  return {
    connection(error, socket) {
      // Node reports the error again for every chunk after the one that it could not parse.
      if (refused.has(socket)) return;
      if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
      refused.add(socket);
      const before = newestOf(socket);
      const inItsBody = before?.req.complete === false;
      if (inItsBody && before.headersSent) closeGently(socket);
      else if (inItsBody || before === undefined || before.writableFinished) refuse(error, socket);
      else before.once('close', () => refuse(error, socket));
    },
    tunnel({ socket }) {
      const before = newestOf(socket);
      const refuseTunnel = () => closeGently(socket, noTunnel());
      socket.on('error', () => socket.destroy());
      if (before === undefined || before.writableFinished) refuseTunnel();
      else before.once('close', refuseTunnel);
    },
    expectation(_req, res) {
      const detail = 'The one expectation met here is 100-continue.';
      const { headers, body } = parting({ status: 417, code: 'expectation-failed', detail });
      res.writeHead(417, headers);
      res.end(body);
    },
  };
}
