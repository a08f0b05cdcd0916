import { cacheKeys, keySql } from '../core/cache-keys.ts';
import type { Content } from './content.ts';

const { latest, latestOfLanguage, latestOfSource, latestOfTag, redirects, stories } = cacheKeys;

/** The lists that show an article while it is public. */
const listsOf = ({ tagIds, sourceId, language }: Content): string[] => [
  latest,
  ...tagIds.map(latestOfTag),
  ...(sourceId === null ? [] : [latestOfSource(sourceId)]),
  latestOfLanguage(language),
];

/** The same of the row `a`, as an SQL array. */
export const listKeysSql = `(ARRAY['${latest}', '${latestOfLanguage('')}' || a.language]
  || ARRAY(SELECT ${keySql('latest:t:', 'y.tag_id')} FROM @article_tags y WHERE y.article_id = a.id ORDER BY y.position)
  || CASE WHEN a.source_id IS NULL THEN '{}' ELSE ARRAY[${keySql('latest:s:', 'a.source_id')}] END)`;

/** What shows an article among the other editions of a story: their pages, and lists with translations. */
export const storyKeys = (story: string): string[] => [cacheKeys.story(story), stories];

export const storyKeysSql = (story: string) => `ARRAY[${keySql('st:', story)}, '${stories}']`;

/** An article before or after a change. `shown`: strangers see it; `scheduled`: they will. */
export type Seen = { readonly content: Content; readonly shown: boolean; readonly scheduled: boolean };

/** What the list of old slugs says depends on who has a slug now, and on the slug and language of the article to which one leads, while these are public. */
const placeOf = (seen: Seen | null) => (seen?.shown ? `${seen.content.language} ${seen.content.slug}` : null);

type ChangeSeen = { readonly id: string; readonly before: Seen | null; readonly after: Seen };

/** The keys that a change makes stale, of the old state and the new: lists only where strangers saw it or see it. */
export const keysOfChange = ({ id, before, after }: ChangeSeen): string[] => [
  cacheKeys.article(id),
  ...[before, after].flatMap((seen) => (seen?.shown ? listsOf(seen.content) : [])),
  ...(placeOf(before) === placeOf(after) ? [] : [redirects]),
  ...(before !== null && before.content.storyId !== after.content.storyId && (before.shown || after.shown)
    ? [...storyKeys(before.content.storyId ?? id), ...storyKeys(after.content.storyId ?? id)]
    : []),
];
