/** What may happen to articles, tags and sources, by the type under which it is recorded. */
const thingEvents = {
  'article.created': 'an article was made',
  'article.updated': 'its content, source or tags changed, or a tag or source of it was merged or deleted',
  'article.submitted': 'it went to review',
  'article.returned': 'it came back from review',
  'article.scheduled': 'it was given a date ahead at which readers will see it',
  'article.published': 'readers see it',
  'article.expired': 'readers no longer see it, because its time is over',
  'article.unpublished': 'it was taken from readers, by hand or because its wire withdrew it',
  'article.archived': 'it went to the archive',
  'article.trashed': 'it went to the trash',
  'article.restored': 'it came back from the trash or the archive',
  'article.purged': 'it was deleted for good',
  'article.linked': 'it became an edition of a story',
  'article.unlinked': 'it left its story',
  'article.kill-asked': 'its wire withdrew it, and it stays public until somebody of the desk decides',
  'source.created': 'a source was made',
  'source.updated': 'it changed',
  'source.deleted': 'it was deleted',
  'source.merged': 'it became another',
  'tag.created': 'a tag was made',
  'tag.updated': 'it changed',
  'tag.deleted': 'it was deleted',
  'tag.merged': 'it became another',
} as const satisfies Readonly<Record<string, string>>;

type ThingEvent = keyof typeof thingEvents;

export const thingEventTypes = Object.keys(thingEvents).filter((type): type is ThingEvent =>
  Object.hasOwn(thingEvents, type),
);

/** The same as a list in Markdown. */
export const thingEventsText = Object.entries(thingEvents)
  .map(([type, meaning]) => `- \`${type}\`: ${meaning}`)
  .join('\n');

/** `<subject>.<what>`. The others are in the audit log only. */
export type EventType = ThingEvent | `${'draft' | 'preview' | 'user' | 'key' | 'settings' | 'webhook'}.${string}`;
