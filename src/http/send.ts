import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkTag, notModified } from './conditional.ts';
import type { RenderedAnswer } from './render.ts';
import { endAnswer } from './server/linger.ts';

/** Sets headers of a flat list of names and values. */
export function setHeaders(res: ServerResponse, list: readonly string[]): void {
  for (let at = 0; at < list.length; at += 2) res.setHeader(list[at] ?? '', list[at + 1] ?? '');
}

/** Sends what was rendered, or 304 if the caller of a GET already has it. */
export function send(req: IncomingMessage, res: ServerResponse, { status, headers, body }: RenderedAnswer): void {
  const found = status === 200 && (req.method === 'GET' || req.method === 'HEAD');
  if (found) checkTag(req.headers['if-match'], headers.ETag);
  // Judged before anything is set: the headers of an answer are not those of the failure that stands in its place.
  const isKnown = found && headers.ETag !== undefined && notModified(req.headers['if-none-match'], headers.ETag);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (isKnown) {
    res.statusCode = 304;
    res.removeHeader('Content-Type');
    res.removeHeader('Content-Encoding');
    return void endAnswer(res);
  }
  res.statusCode = status;
  if (body === null || status === 204) return void endAnswer(res);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  res.setHeader('Content-Length', bytes.length);
  endAnswer(res, bytes);
}
