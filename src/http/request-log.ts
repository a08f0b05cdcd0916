import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { describeError } from '../core/describe-error.ts';
import { Failure } from '../core/errors.ts';
import { clientAddress } from './address.ts';
import type { Exchange } from './exchange.ts';
import { type LineOutput, openKnownLine } from './known-line.ts';
import { failureOf } from './problem.ts';

/** Logs one line about a request that has ended, `ms` after it began. */
export type RequestLog = (req: IncomingMessage, res: ServerResponse, exchange: Exchange, ms: number) => void;

type Line = Record<string, string | number | boolean | undefined>;

/** How the log names an address that holds no secret. */
export const loggedPath = (target: string): string => pathOf(target, []);

/**
 * The path is logged without its query, and nothing of headers or bodies is logged, so that no token or password reaches
 * the log. Tokens in a path, below `secretPaths` or anywhere else, are masked.
 */
export function openRequestLog({
  log,
  output,
  secretPaths,
  trustedProxies,
}: {
  log: Logger;
  /** Where `log` writes, if addresses are remembered. */
  output?: LineOutput;
  secretPaths: readonly string[];
  trustedProxies: number;
}): RequestLog {
  const writeKnown = output && openKnownLine(log, output);
  return (req, res, exchange, tookMs) => {
    const { requestId, route, logged, actorId, error, ended } = exchange;
    const ms = Math.round(tookMs * 10) / 10;
    if (writeKnown && logged !== undefined && error === undefined && res.writableFinished)
      return writeKnown(logged, req, res, exchange, ms);
    const path = logged?.path ?? pathOf(req.url ?? '', secretPaths);
    const line: Line = { requestId, method: req.method, path, route, status: res.statusCode, ms };
    if (actorId !== undefined) line.actorId = actorId;
    // Log the address only of 401 and 429, because log-ins are counted by address. It is logged for nobody else.
    if (res.statusCode === 401 || res.statusCode === 429) line.address = clientAddress(req, trustedProxies);
    if (ended !== undefined) line.ended = ended;
    else if (!res.writableFinished) line.aborted = true;
    if (error !== undefined && failureOf(error) === undefined)
      log.error({ ...line, err: describeError(error) }, 'request failed');
    else if (res.statusCode === 503 || isOutage(error))
      log.warn({ ...line, ...outageOf(error) }, 'request unavailable');
    else if (error instanceof Failure && error.cause !== undefined)
      log.warn({ ...line, err: describeError(error) }, 'request refused by the database');
    else log.info(line, 'request');
  };
}

/** The path only: no query, and no authority of an absolute address, which may contain a password. */
function pathOf(target: string, secretPaths: readonly string[]): string {
  const path = (target.split(/[?#]/, 1)[0] ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '');
  // Also match another case or doubled slashes, although no route accepts them.
  const plain = path.toLowerCase().replaceAll(/\/{2,}/g, '/');
  const secret = secretPaths.find((prefix) => plain.startsWith(prefix));
  if (secret !== undefined) return `${secret}…`;
  const dotted = plain.includes('.') || plain.includes('%2e');
  return (dotted ? path.replaceAll(tokenShaped, '…') : path).slice(0, 300);
}

/** Matches a JWT, or an id with its HMAC. Slugs have no full stop. */
const tokenShaped = /[\w-]{16,}(?:\.|%2e)[\w.-]{32,}/gi;

/** Why a call was not served, and what the database or the network reported. */
function outageOf(error: unknown) {
  const { outage, cause } = describeError(error);
  if (cause === undefined) return { outage };
  const { at: _, ...said } = cause;
  return { outage, cause: said };
}

const isOutage = (error: unknown): boolean => failureOf(error)?.kind === 'Unavailable';
