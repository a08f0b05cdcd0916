/** How long caches may keep a public answer. Signed-in callers' answers are never kept. */
export type CachePolicy = 'page' | 'list' | 'document' | 'never';

const publicPolicies: Readonly<Record<CachePolicy, string>> = {
  page: 'public, max-age=10',
  list: 'public, max-age=5',
  document: 'public, max-age=300',
  never: 'no-store',
};

export const privatePolicy = 'private, no-store, no-transform';

export const cacheControl = (policy: CachePolicy, signedIn: boolean): string =>
  signedIn ? privatePolicy : publicPolicies[policy];
