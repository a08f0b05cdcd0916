import type { LabelRef } from './label-ref.ts';

/** Names of what transactions lock. Transactions of this process queue by these names without holding a connection. */
export const articleTurn = (id: string) => `article ${id}`;
export const slugTurn = (slug: string) => `slug ${slug}`;
export const storyTurn = (id: string) => `story ${id}`;
export const itemTurn = (sourceId: string, itemId: string) => `item ${sourceId} ${itemId}`;
export const sessionTurn = (id: string) => `session ${id}`;
export const keyTurn = (id: string) => `key ${id}`;
export const webhookTurn = (id: string) => `webhook ${id}`;
/** Changes of accounts also lock every admin. */
export const accountsTurn = 'accounts';

/** A tag or source has a name by id and one by slug, because a transaction may know only one of them. */
export const labelTurns = (
  table: 'tags' | 'sources',
  ...labels: readonly (LabelRef | { id: string; slug: string })[]
) =>
  labels.flatMap((label) => [
    ...('id' in label ? [`${table} ${label.id}`] : []),
    ...('slug' in label ? [`${table} ${label.slug}`] : []),
    ...('called' in label ? [`${table} ${label.called}`] : []),
  ]);
