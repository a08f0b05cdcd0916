import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hasBody } from '../body.ts';

const lingerMs = 5_000;

/**
 * Ends a connection on which the client may still be sending: our side is closed after what was written, and what still
 * arrives is read and dropped for a while. Closing both sides at once resets the connection, and the client may lose the
 * answer (RFC 9112, 9.6).
 */
export function closeGently(socket: Socket, lastBytes?: Buffer): void {
  if (lastBytes === undefined) socket.end();
  else socket.end(lastBytes);
  socket.resume();
  const limit = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(limit));
}

/**
 * Ends an answer. An answer sent before its request has arrived completely, such as 401 or 413, closes the connection: we
 * do not wait for the rest of the body.
 */
export function endAnswer(res: ServerResponse, bytes?: Buffer): void {
  const { req } = res;
  if (hasBody(req) && !req.complete) {
    if (!res.headersSent) res.setHeader('Connection', 'close');
    // Node calls this after the last answer of a connection. Its own version closes both sides at once.
    req.socket.destroySoon = () => {
      req.resume();
      closeGently(req.socket);
    };
  }
  res.end(bytes);
}
