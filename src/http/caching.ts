/** How long caches may keep a public answer. Signed-in callers' answers are never kept. */
export type CachePolicy = 'page' | 'list' | 'document' | 'never';

const ordinaryAgeS: Readonly<Record<Exclude<CachePolicy, 'never'>, number>> = { page: 10, list: 5, document: 300 };

export const privatePolicy = 'private, no-store, no-transform';

/**
 * `Cache-Control` of an answer. `maxAgeS` shortens the ordinary age to the next instant at which the answer would be
 * another; it never lengthens it, so that nothing tells of what is further ahead.
 */
export function cacheControl(policy: CachePolicy, signedIn: boolean, maxAgeS = Number.POSITIVE_INFINITY): string {
  if (signedIn) return privatePolicy;
  if (policy === 'never') return 'no-store';
  return `public, max-age=${Math.max(0, Math.floor(Math.min(ordinaryAgeS[policy], maxAgeS)))}`;
}
