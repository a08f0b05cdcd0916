import type { JsonSchema } from './json-schema.ts';

const header = (description: string, example: string): JsonSchema => ({
  description,
  schema: { type: 'string' },
  example,
});

/** The headers of answers, by name. */
export const headers: Readonly<Record<string, JsonSchema>> = {
  ETag: {
    description:
      '`"<version>-<hash>"` for a single thing, `"<hash>"` for a list; `-br` or `-gz` follows the hash of an answer that was compressed so. Send it as If-Match or If-None-Match.',
    schema: { type: 'string' },
    examples: { thing: { value: '"3-8mDkZq0oV1nXcR2sTfYwLg"' }, list: { value: '"8mDkZq0oV1nXcR2sTfYwLg"' } },
  },
  'Cache-Control': {
    description: 'How long the answer may be kept.',
    schema: { type: 'string' },
    examples: {
      forReaders: { value: 'public, max-age=10' },
      signedIn: { value: 'private, no-store, no-transform' },
      never: { value: 'no-store' },
    },
  },
  'CDN-Cache-Control': header(
    'Only with `SHARED_MAX_AGE_S`, of answers to callers without a token that a CDN may keep until it is told to drop one of their keys (RFC 9213).',
    'max-age=3600, stale-while-revalidate=60',
  ),
  Age: header('Only while the database is away: the seconds since this was read.', '42'),
  'Cache-Status': header(
    'Only while the database is away: that this was kept from before (RFC 9211).',
    'khobor; hit; detail=database-away',
  ),
  'X-Request-Id': header(
    'The id of this call, as in the log and in problems. Yours, where you sent one of 8 to 128 letters, digits, or any of `_ . : -`.',
    '3f0c4f0e-6f0f-4a52-9a57-0d1c3b1f7a20',
  ),
  Location: header('The address of the thing.', 'https://news.example/v1/articles/নদীর-পানি-কমছে'),
  Link: header(
    '`rel="next"`: the next page (RFC 8288). Absent on the last.',
    '<https://news.example/v1/latest?limit=20&after=q1yXw0m4V5nQ2d8LWyJsYXRlc3QiLCIyMDI2LTAzLTAxIl0>; rel="next"',
  ),
  'Retry-After': {
    description: 'Seconds to wait. Of 409, only with `still-running`.',
    schema: { type: 'integer', minimum: 1 },
    example: 2,
  },
  RateLimit: header(
    'Of writes: what is left of the limit, and the seconds until it is whole again.',
    '"writes";r=994;t=42',
  ),
  'RateLimit-Policy': header('Of writes: how many in how many seconds.', '"writes";q=1000;w=60'),
  'Idempotency-Replayed': header(
    '`true` where an Idempotency-Key was used before: the first answer once more.',
    'true',
  ),
  'WWW-Authenticate': header(
    'How to prove who one is (RFC 6750); with `invalid-token`, that the token is what is refused.',
    'Bearer realm="khobor"',
  ),
  'Surrogate-Key': header(
    'Of answers that caches may keep, and of 410, to callers without a token: words that name what it shows, 1 KB at most. `CACHE_KEYS_HEADER` may name the other header for it.',
    'all latest:l:bn tags sources',
  ),
  'Cache-Tag': header(
    'The same words with commas, in the place of Surrogate-Key where `CACHE_KEYS_HEADER` says so.',
    'all,latest:l:bn,tags,sources',
  ),
  'X-Accel-Buffering': header('Of streams: that a proxy shall not collect what comes (nginx).', 'no'),
  'X-Robots-Tag': header('That no search engine shall keep it.', 'noindex, nofollow'),
  'Accept-Patch': header(
    'Of PATCH, and of OPTIONS where there is one: the types of its body (RFC 5789).',
    'application/merge-patch+json, application/json',
  ),
  Allow: header('Of 405 and of OPTIONS: the methods of the address.', 'GET, HEAD, PATCH, DELETE, OPTIONS'),
};

export const headerRefs = (...names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** `Location` of what was created, with the address of the example. */
export const locationOf = (address: string): JsonSchema => ({
  Location: header('The address of what was made.', `https://news.example${address}`),
});
