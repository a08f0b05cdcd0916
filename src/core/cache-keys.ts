/**
 * Keys name what an answer shows and what an event makes stale: whoever keeps answers drops those that have a key which an
 * event names. An id in a key is the base64url of its bytes, 22 characters.
 */

const short = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

export const cacheKeys = {
  /** Of every answer. */
  all: 'all',
  /** Every list of articles without a filter. */
  latest: 'latest',
  /** Whatever shows any tag, any source, any other edition of an article, or where any old slug leads. */
  tags: 'tags',
  sources: 'sources',
  stories: 'stories',
  redirects: 'redirects',
  article: (id: string) => `a:${short(id)}`,
  /** The pages of all editions of a story. */
  story: (id: string) => `st:${short(id)}`,
  tag: (id: string) => `t:${short(id)}`,
  source: (id: string) => `s:${short(id)}`,
  /** The lists of articles of one tag, source or language. */
  latestOfTag: (id: string) => `latest:t:${short(id)}`,
  latestOfSource: (id: string) => `latest:s:${short(id)}`,
  latestOfLanguage: (language: string) => `latest:l:${language}`,
} as const;

/** SQL for a key with an id, as `a:` and the id of a row. */
export const keySql = (prefix: string, id: string): string =>
  `'${prefix}' || translate(rtrim(encode(uuid_send(${id}), 'base64'), '='), '+/', '-_')`;

/** The header in which answers name their keys: CDNs differ in its name, and in what stands between its words. */
export const keysHeaders = ['Surrogate-Key', 'Cache-Tag'] as const;
export type KeysHeader = (typeof keysHeaders)[number];
