import type { Actor } from '../../core/actor.ts';
import { checkMaySend } from '../../core/item-sender.ts';
import type { Tx } from '../../db/tx.ts';
import type { Content } from '../content.ts';
import { findItem, findItemsFrom, lockItem } from '../source-items.ts';
import { type Warning, warning } from '../warnings.ts';

/**
 * Prepares an article to stand for an item, whichever call gives it the item: checks that the caller may send the item, and
 * waits until every other call about it has ended. Returns a warning if the source had killed the item, which the desk must
 * know. Throws as `checkMaySend` does.
 */
export async function claimItem(tx: Tx, actor: Actor, before: Content | null, after: Content): Promise<Warning[]> {
  const { sourceId, sourceItemId: itemId } = after;
  if (sourceId === null || itemId === null || (before !== null && isSameItem(before, after))) return [];
  // Only a wire sends a version, and it has claimed the item before it makes the article.
  if (before === null && after.itemVersion !== null) return [];
  const itemsFrom = await findItemsFrom(tx, sourceId);
  if (itemsFrom !== null) checkMaySend(actor, { id: sourceId, itemsFrom });
  await lockItem(tx, { sourceId, itemId });
  // Only a wire sends a version, and it needs no warning about its own kill.
  const sent = after.itemVersion === null ? await findItem(tx, { sourceId, itemId }) : null;
  return sent?.killed === true ? [warning('item-killed', `version ${sent.version}`)] : [];
}

const isSameItem = (before: Content, after: Content): boolean =>
  before.sourceId === after.sourceId && before.sourceItemId === after.sourceItemId;
