import { cacheKeys, keySql } from '../core/cache-keys.ts';
import type { Content } from './content.ts';

const { latest, latestOfLanguage, latestOfSource, latestOfTag, redirects, search, stories } = cacheKeys;

/** The lists that show an article while it is public. */
const listsOf = ({ tagIds, sourceId, language }: Content): string[] => [
  latest,
  search,
  ...tagIds.map(latestOfTag),
  ...(sourceId === null ? [] : [latestOfSource(sourceId)]),
  latestOfLanguage(language),
];

/** The same for the row `a`, as an SQL array. */
export const listKeysSql = `(ARRAY['${latest}', '${search}', '${latestOfLanguage('')}' || a.language]
  || ARRAY(SELECT ${keySql('latest:t:', 'y.tag_id')} FROM @article_tags y WHERE y.article_id = a.id ORDER BY y.position)
  || CASE WHEN a.source_id IS NULL THEN '{}' ELSE ARRAY[${keySql('latest:s:', 'a.source_id')}] END)`;

/**
 * The keys of answers that show an article as another edition of a story: the pages of the other editions, and lists with
 * translations.
 */
const storyKeys = (story: string): string[] => [cacheKeys.story(story), stories];

export const storyKeysSql = (story: string) => `ARRAY[${keySql('st:', story)}, '${stories}']`;

/** An article before or after a change. `shown`: the public sees it; `scheduled`: the public will see it. */
export type Seen = { readonly content: Content; readonly shown: boolean; readonly scheduled: boolean };

/**
 * What the list of old slugs depends on: which public article has a slug now, and the slug and language of the public
 * article to which an old slug leads.
 */
const placeOf = (seen: Seen | null) => (seen?.shown ? `${seen.content.language} ${seen.content.slug}` : null);

type ChangeSeen = { readonly id: string; readonly before: Seen | null; readonly after: Seen };

/** The keys that a change makes stale, for the old state and the new. Keys of lists only for a state that is public. */
export const keysOfChange = ({ id, before, after }: ChangeSeen): string[] => [
  cacheKeys.article(id),
  ...[before, after].flatMap((seen) => (seen?.shown ? listsOf(seen.content) : [])),
  ...(placeOf(before) === placeOf(after) ? [] : [redirects]),
  ...(before !== null && before.content.storyId !== after.content.storyId && (before.shown || after.shown)
    ? [...storyKeys(before.content.storyId ?? id), ...storyKeys(after.content.storyId ?? id)]
    : []),
];
