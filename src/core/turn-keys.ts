import type { Ref } from './ref.ts';

/** The names of what transactions lock, by which those of this process wait for each other without a connection. */
export const articleTurn = (id: string) => `article ${id}`;
export const slugTurn = (slug: string) => `slug ${slug}`;
export const storyTurn = (id: string) => `story ${id}`;
export const itemTurn = (sourceId: string, itemId: string) => `item ${sourceId} ${itemId}`;
export const sessionTurn = (id: string) => `session ${id}`;
export const keyTurn = (id: string) => `key ${id}`;
/** Changes of accounts lock every admin besides. */
export const accountsTurn = 'accounts';

/** A tag or source goes by both of its names, since who takes it up may know either. */
export const labelTurns = (table: 'tags' | 'sources', ...labels: readonly (Ref | { id: string; slug: string })[]) =>
  labels.flatMap((label) => [
    ...('id' in label ? [`${table} ${label.id}`] : []),
    ...('slug' in label ? [`${table} ${label.slug}`] : []),
  ]);
