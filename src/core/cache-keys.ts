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
  /** Every search, and every list that was asked for words. */
  search: 'search',
  /** Whatever shows any tag, any source, any other edition of an article, or where any old slug leads. */
  tags: 'tags',
  sources: 'sources',
  stories: 'stories',
  redirects: 'redirects',
  /** Every list of articles: an instant has come near, after which it will be another. In no answer and in no event. */
  due: 'due',
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

/** What ends earlier than it was known to, once an article of this story will appear or end in the next minute. */
export const keysOfDue = (story: string): string[] => [cacheKeys.due, cacheKeys.redirects, cacheKeys.story(story)];

/** Nothing is kept longer than this, so that an instant further ahead is known to everything that is kept by then. */
export const keptSecondsMax = 60;

/** Without the database it may be shown for so much longer at most, though never past the end of something that it shows. */
export const staleSecondsMax = 3_600;

/** SQL for a key with an id, as `a:` and the id of a row. */
export const keySql = (prefix: string, id: string): string =>
  `'${prefix}' || translate(rtrim(encode(uuid_send(${id}), 'base64'), '='), '+/', '-_')`;

/** The header in which answers name their keys: CDNs differ in its name, and in what stands between its words. */
export const keysHeaders = ['Surrogate-Key', 'Cache-Tag'] as const;
export type KeysHeader = (typeof keysHeaders)[number];
