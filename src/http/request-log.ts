import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { describeError } from '../core/describe-error.ts';
import { clientAddress } from './address.ts';
import type { Exchange } from './exchange.ts';
import { failureOf } from './problem.ts';

/**
 * One line for each request when it ends. The path is logged without its query and nothing of headers or bodies, so that
 * no token or password can reach a log; nor can one that stands in a path, below `secretPaths` or anywhere else.
 */
export function logRequest(
  { log, secretPaths, trustedProxies }: { log: Logger; secretPaths: readonly string[]; trustedProxies: number },
  req: IncomingMessage,
  res: ServerResponse,
  exchange: Exchange,
): void {
  const began = performance.now();
  // A socket that is closed knows its peer only if it was asked before.
  void req.socket.remoteAddress;
  res.once('close', () => {
    const { requestId, route, actorId, error } = exchange;
    const line = {
      requestId,
      method: req.method,
      path: pathOf(req.url ?? '', secretPaths),
      route,
      status: res.statusCode,
      ms: Math.round((performance.now() - began) * 10) / 10,
      ...(actorId === undefined ? {} : { actorId }),
      // Of who was turned away as a stranger or for too many tries, and of nobody else: log-ins are counted by it.
      ...(res.statusCode === 401 || res.statusCode === 429 ? { address: clientAddress(req, trustedProxies) } : {}),
      ...(res.writableFinished ? {} : { aborted: true }),
    };
    if (error !== undefined && failureOf(error) === undefined)
      log.error({ ...line, err: describeError(error) }, 'request failed');
    else if (res.statusCode === 503 || isOutage(error))
      log.warn({ ...line, ...outageOf(error) }, 'request unavailable');
    else log.info(line, 'request');
  });
}

/** The path alone: not the query, and not the authority of an absolute address, which may hold a password. */
function pathOf(target: string, secretPaths: readonly string[]): string {
  const path = (target.split(/[?#]/, 1)[0] ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '');
  // Also in another case or with a doubled slash, which no route takes.
  const plain = path.toLowerCase().replaceAll(/\/{2,}/g, '/');
  const secret = secretPaths.find((prefix) => plain.startsWith(prefix));
  if (secret !== undefined) return `${secret}…`;
  const dotted = plain.includes('.') || plain.includes('%2e');
  return (dotted ? path.replaceAll(tokenShaped, '…') : path).slice(0, 300);
}

/** A JWT, or an id and its HMAC. No slug has a full stop. */
const tokenShaped = /[\w-]{16,}(?:\.|%2e)[\w.-]{32,}/gi;

/** Why a call was not served, and what the database or the network said of it. */
function outageOf(error: unknown) {
  const { outage, cause } = describeError(error);
  if (cause === undefined) return { outage };
  const { at: _, ...said } = cause;
  return { outage, cause: said };
}

const isOutage = (error: unknown): boolean => failureOf(error)?.kind === 'Unavailable';
