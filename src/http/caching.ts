import { cacheKeys, type KeysHeader } from '../core/cache-keys.ts';

/** How long caches may keep a public answer. Signed-in callers' answers are never kept. */
export type CachePolicy = 'page' | 'list' | 'document' | 'never';

const ordinaryAgeS: Readonly<Record<Exclude<CachePolicy, 'never'>, number>> = { page: 10, list: 5, document: 300 };

const privatePolicy = 'private, no-store, no-transform';

/**
 * `Cache-Control` of an answer. `maxAgeS` is the number of seconds until the answer will change. It can only shorten the
 * usual age, so that a longer one does not reveal when something is scheduled.
 */
export function cacheControl(policy: CachePolicy, signedIn: boolean, maxAgeS = Number.POSITIVE_INFINITY): string {
  if (signedIn) return privatePolicy;
  if (policy === 'never') return 'no-store';
  return `public, max-age=${Math.max(0, Math.floor(Math.min(ordinaryAgeS[policy], maxAgeS)))}`;
}

/** A CDN that drops what it is told to may show the old answer for this long while it fetches the new one. */
const revalidateSecondsMax = 60;

/**
 * What a CDN may do that forgets by keys (RFC 9213), as names and values. The time is the same for every answer, since one
 * that ended with the answer would tell when something is scheduled.
 */
export const sharedCaching = (maxAgeS: number): readonly string[] =>
  maxAgeS === 0
    ? []
    : ['CDN-Cache-Control', `max-age=${maxAgeS}, stale-while-revalidate=${Math.min(maxAgeS, revalidateSecondsMax)}`];

/** Whether time alone leaves an answer as it is for as long as its kind may be kept. */
export const lastsItsAge = (policy: CachePolicy, seconds: number): boolean =>
  policy !== 'never' && seconds >= ordinaryAgeS[policy];

/** The value of the header in which an answer names what it shows; all have one key in common. */
export const keysText = (header: KeysHeader, keys: readonly string[] = []): string =>
  [...new Set([cacheKeys.all, ...keys])].join(header === 'Cache-Tag' ? ',' : ' ');
