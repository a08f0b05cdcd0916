import { hash } from 'node:crypto';
import type { KeysHeader } from '../core/cache-keys.ts';
import { invalidInput } from '../core/errors.ts';
import { cacheControl, keysText } from './caching.ts';
import { etagOf } from './conditional.ts';
import type { Endpoint } from './endpoint.ts';
import type { Answer } from './json.ts';
import { nextLink } from './link.ts';
import { searchOf } from './query.ts';

/** An answer as HTTP, before conditions are checked. */
export type RenderedAnswer = {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | null;
  passing: boolean;
};

type Asked = { target: string; signedIn: boolean; publicUrl: string; keysHeader: KeysHeader };

/** Turns what a handler answered into status, headers and body. */
export function render(
  { spec, method, path }: Endpoint,
  { target, signedIn, publicUrl, keysHeader }: Asked,
  given: Answer<unknown>,
): RenderedAnswer {
  const passing = given.passing === true;
  const policy = method === 'get' ? (spec.cache ?? 'never') : 'never';
  const headers: Record<string, string> = {
    'Cache-Control': cacheControl(policy, signedIn, given.maxAgeS),
    ...given.headers,
  };
  if (headers['Cache-Control']?.startsWith('public')) headers[keysHeader] = keysText(keysHeader, given.keys);
  const search = searchOf(target);
  if (given.redirect !== undefined) {
    headers.Location = `${publicUrl}${given.redirect}${search === '' ? '' : `?${search}`}`;
    return { status: 308, headers, body: null, passing };
  }
  if (given.body === null) {
    if (given.version !== undefined) headers.ETag = `"${given.version}"`;
    return { status: 204, headers, body: null, passing };
  }
  // Encode once, for the ETag and for sending. The answer of a POST stays text, because it may be stored for a repeat.
  const { text } = given.body;
  const body = method === 'get' && typeof text === 'string' ? Buffer.from(text) : text;
  if ((method === 'get' && !spec.tagless) || given.version !== undefined) headers.ETag = etagOf(body, given.version);
  if (given.location !== undefined) headers.Location = `${publicUrl}${given.location}`;
  // The list of one thing has that thing's id or slug in its path, so the path comes from the request, else from the route.
  const own = path.includes('{') ? pathOf(target) : path;
  if (given.nextCursor) headers.Link = nextLink(publicUrl, own, search, given.nextCursor);
  const fixed = spec.reply === null ? spec.mediaType : undefined;
  headers['Content-Type'] = given.mediaType ?? fixed ?? 'application/json; charset=utf-8';
  return { status: given.status ?? spec.status ?? 200, headers, body, passing };
}

const pathOf = (target: string): string => (target.split('?', 1)[0] ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '');

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a request; undefined without one. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && keyPattern.test(header)) return header;
  throw invalidInput([{ in: 'header', pointer: '/idempotency-key', detail: 'Use 1 to 255 visible ASCII characters.' }]);
}

/** Two requests are the same if method, address and body are. */
export const fingerprintOf = (method: string, target: string, body: unknown): string =>
  hash('sha256', JSON.stringify([method, target, body ?? null]), 'base64url');
