import { type Content, listed } from './content.ts';

/** What an answer may show that this state is in: the article's own page, and the lists while it is published. */
function keysOfState(id: string, content: Content): string[] {
  if (!listed(content)) return [`article:${id}`];
  return [
    `article:${id}`,
    'latest',
    ...content.tagIds.map((tag) => `latest:tag:${tag}`),
    ...(content.sourceId === null ? [] : [`latest:source:${content.sourceId}`]),
    `latest:lang:${content.language}`,
  ];
}

/** Where an old slug leads depends on the slug of its article, on whether that is public, and on who has the old slug. */
function touchesRedirects(before: Content | null, after: Content): boolean {
  const place = (content: Content) =>
    JSON.stringify([content.slug, listed(content) && [content.publishedAt, content.expiresAt]]);
  return before === null ? listed(after) : place(before) !== place(after);
}

/** The keys that a change makes stale, of the old state and the new. */
export const keysOfChange = (id: string, before: Content | null, after: Content): string[] => [
  ...(before === null ? [] : keysOfState(id, before)),
  ...keysOfState(id, after),
  ...(touchesRedirects(before, after) ? ['redirects'] : []),
  ...(before !== null && before.storyId !== after.storyId
    ? [`story:${before.storyId ?? id}`, `story:${after.storyId ?? id}`]
    : []),
];
