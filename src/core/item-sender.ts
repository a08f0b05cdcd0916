import { type Actor, hasRole } from './actor.ts';
import { forbidden } from './errors.ts';

/** Who may send items of a source. `authors`: every author. `keys`: only editors and access keys that name the source. */
export const itemSenders = ['authors', 'keys'] as const;
export type ItemsFrom = (typeof itemSenders)[number];

export type SendingSource = { readonly id: string; readonly itemsFrom: ItemsFrom };

/** True if the limits of the caller's access key name this source. */
const isKeyOf = ({ key }: Actor, sourceId: string): boolean => key?.sourceIds.includes(sourceId) === true;

/** True if the caller may only send items of other sources. */
const isElsewhere = (actor: Actor, sourceId: string): boolean =>
  actor.key !== null && actor.key.sourceIds.length > 0 && !isKeyOf(actor, sourceId);

const isTrusted = (actor: Actor, sourceId: string): boolean => hasRole(actor, 'editor') || isKeyOf(actor, sourceId);

/** True if the caller may send items of this source, whether it takes them from authors or from keys. */
export const maySendAlways = (actor: Actor, sourceId: string): boolean =>
  !isElsewhere(actor, sourceId) && isTrusted(actor, sourceId);

/** Throws 403 if the caller may not send items of this source. Called before anything about the items is revealed. */
export function checkMaySend(actor: Actor, { id, itemsFrom }: SendingSource): void {
  if (isElsewhere(actor, id)) throw forbidden('This access key may only send items of its own sources.');
  if (itemsFrom === 'authors' || isTrusted(actor, id)) return;
  throw forbidden('Only editors and access keys whose limits name this source may send its items.');
}

/** True if the source's items belong to the caller's key: it sees and kills them in every state, whoever owns the articles. */
export const hasItems = (actor: Actor, { id, itemsFrom }: SendingSource): boolean =>
  itemsFrom === 'keys' && isKeyOf(actor, id);
