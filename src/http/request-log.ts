import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Exchange } from './exchange.ts';
import { failureOf } from './problem.ts';

/**
 * One line for each request when it ends. The path is logged without its query and nothing of headers or bodies, so that
 * no token or password can reach a log.
 */
export function logRequest(log: Logger, req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
  const began = performance.now();
  res.once('close', () => {
    const { requestId, route, actorId, error } = exchange;
    const line = {
      requestId,
      method: req.method,
      path: (req.url ?? '').split('?', 1)[0]?.slice(0, 300),
      route,
      status: res.statusCode,
      ms: Math.round((performance.now() - began) * 10) / 10,
      ...(actorId === undefined ? {} : { actorId }),
      ...(res.writableFinished ? {} : { aborted: true }),
    };
    if (error !== undefined && failureOf(error) === undefined) log.error({ ...line, err: error }, 'request failed');
    else if (res.statusCode === 503) log.warn({ ...line, cause: causeOf(error) }, 'request unavailable');
    else log.info(line, 'request');
  });
}

const causeOf = (error: unknown): string | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message.slice(0, 200) : undefined;
