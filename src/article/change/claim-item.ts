import type { Actor } from '../../core/actor.ts';
import { checkMaySend } from '../../core/item-sender.ts';
import type { Tx } from '../../db/tx.ts';
import type { Content } from '../content.ts';
import { findItem, findItemsFrom, lockItem } from '../source-items.ts';
import { type Warning, warning } from '../warnings.ts';

/**
 * Makes ready for an article to stand for an item from now on, whoever gives it to the article: only who may send the
 * item, and once every other call about it has ended. Says where the source had killed it, which is the desk's to know.
 */
export async function claimItem(tx: Tx, actor: Actor, before: Content | null, after: Content): Promise<Warning[]> {
  const { sourceId, sourceItemId: itemId } = after;
  if (sourceId === null || itemId === null || (before !== null && isSameItem(before, after))) return [];
  const itemsFrom = await findItemsFrom(tx, sourceId);
  if (itemsFrom !== null) checkMaySend(actor, { id: sourceId, itemsFrom });
  await lockItem(tx, { sourceId, itemId });
  // What a wire sends itself has a version.
  const sent = after.itemVersion === null ? await findItem(tx, { sourceId, itemId }) : null;
  return sent?.killed === true ? [warning('item-killed', `version ${sent.version}`)] : [];
}

const isSameItem = (before: Content, after: Content): boolean =>
  before.sourceId === after.sourceId && before.sourceItemId === after.sourceItemId;
