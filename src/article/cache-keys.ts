import type { Content } from './content.ts';

/** The lists that show an article while it is public. */
const listsOf = (content: Content): string[] => [
  'latest',
  ...content.tagIds.map((tag) => `latest:tag:${tag}`),
  ...(content.sourceId === null ? [] : [`latest:source:${content.sourceId}`]),
  `latest:lang:${content.language}`,
];

/** The same of the row `a`, as an SQL array. */
export const listKeysSql = `(ARRAY['latest', 'latest:lang:' || a.language]
  || ARRAY(SELECT 'latest:tag:' || y.tag_id FROM @article_tags y WHERE y.article_id = a.id ORDER BY y.position)
  || CASE WHEN a.source_id IS NULL THEN '{}' ELSE ARRAY['latest:source:' || a.source_id] END)`;

/** An article before or after a change. `shown`: strangers see it; `scheduled`: they will. */
export type Seen = { readonly content: Content; readonly shown: boolean; readonly scheduled: boolean };

/** Where an old slug leads depends on who has it now, and on the slug of the article to which it leads, while these are public. */
const placeOf = (seen: Seen | null) => (seen?.shown ? seen.content.slug : null);

type ChangeSeen = { readonly id: string; readonly before: Seen | null; readonly after: Seen };

/** The keys that a change makes stale, of the old state and the new: lists only where strangers saw it or see it. */
export const keysOfChange = ({ id, before, after }: ChangeSeen): string[] => [
  `article:${id}`,
  ...[before, after].flatMap((seen) => (seen?.shown ? listsOf(seen.content) : [])),
  ...(placeOf(before) === placeOf(after) ? [] : ['redirects']),
  ...(before !== null && before.content.storyId !== after.content.storyId && (before.shown || after.shown)
    ? [`story:${before.content.storyId ?? id}`, `story:${after.content.storyId ?? id}`]
    : []),
];
