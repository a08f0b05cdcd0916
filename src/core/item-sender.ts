import { type Actor, hasRole } from './actor.ts';
import { forbidden } from './errors.ts';

/** Who may send the items of a source: every author, or machines of the source and editors alone. */
export const itemSenders = ['authors', 'keys'] as const;
export type ItemsFrom = (typeof itemSenders)[number];

export type SendingSource = { readonly id: string; readonly itemsFrom: ItemsFrom };

/** Whether the access key is one of this source: its limits name it. */
const isKeyOf = ({ key }: Actor, sourceId: string): boolean => key?.sourceIds.includes(sourceId) === true;

/** Throws 403 where the caller may not send items of this source, before anything of them is told. */
export function checkMaySend(actor: Actor, { id, itemsFrom }: SendingSource): void {
  if (actor.key !== null && actor.key.sourceIds.length > 0 && !isKeyOf(actor, id))
    throw forbidden('This access key may only send items of its own sources.');
  if (itemsFrom === 'authors' || hasRole(actor, 'editor') || isKeyOf(actor, id)) return;
  throw forbidden('Only editors and access keys whose limits name this source may send its items.');
}

/** Whether the items of the source are the caller's own, whoever's the articles are: it sees and kills them in every state. */
export const hasItems = (actor: Actor, { id, itemsFrom }: SendingSource): boolean =>
  itemsFrom === 'keys' && isKeyOf(actor, id);
