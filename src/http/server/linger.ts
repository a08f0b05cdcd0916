import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hasBody } from '../body.ts';

const lingerMs = 5_000;

/**
 * Ends a connection on which the client may still be sending: our side is closed behind what was written, and what still
 * comes is read and dropped for a while. Closing both sides at once resets the connection, and the answer can be lost
 * with it (RFC 9112, 9.6).
 */
export function closeGently(socket: Socket, lastBytes?: Buffer): void {
  if (lastBytes === undefined) socket.end();
  else socket.end(lastBytes);
  socket.resume();
  const limit = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(limit));
}

/**
 * Sends the end of an answer. One that goes out before its request has come in whole, as 401 and 413 do, is the last of
 * its connection: the rest of the body is not waited for.
 */
export function endAnswer(res: ServerResponse, bytes?: Buffer): void {
  const { req } = res;
  if (hasBody(req) && !req.complete) {
    if (!res.headersSent) res.setHeader('Connection', 'close');
    // What Node calls after the last answer of a connection; its own way is to close both sides at once.
    req.socket.destroySoon = () => {
      req.resume();
      closeGently(req.socket);
    };
  }
  res.end(bytes);
}
