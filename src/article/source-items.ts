import type { ItemsFrom } from '../core/item-sender.ts';
import { itemTurn } from '../core/turn-keys.ts';
import type { Value } from '../db/sql.ts';
import type { Tx } from '../db/tx.ts';

/**
 * What sources have sent. It is stored apart from articles, to outlive an article that is purged or given to another item.
 * Only what a wire sent counts: if the desk names an item in an article, the source has not sent it.
 */

export type ItemPlace = { readonly sourceId: string; readonly itemId: string };

/** The highest version that was taken of an item. `digest` is the digest of its content; null if it is not known. */
export type SentItem = { version: number; killed: boolean; digest: string | null };

const lockKeySql = (sourceId: string, itemId: string) =>
  `hashtextextended('item ' || ${sourceId}::text || ' ' || ${itemId}, 0)`;

/** Waits until every other call about the same item has ended. */
export async function lockItem(tx: Tx, { sourceId, itemId }: ItemPlace): Promise<void> {
  tx.turn(itemTurn(sourceId, itemId));
  const text = `SELECT pg_advisory_xact_lock(${lockKeySql('$1', '$2::text')})::text AS locked`;
  await tx.read({ name: 'lock-item', text }, [sourceId, itemId]);
}

/** SQL that waits for the same lock and gives no row, for `readBehind`. Takes the item's turn before it. */
export const itemLock = `SELECT WHERE pg_advisory_xact_lock(${lockKeySql('$1::uuid', '$2::text')})::text IS NULL`;

/** SQL: whether the same lock is taken now. It does not wait; who gets it takes the item's turn afterwards. */
export const tryLockItemSql = (sourceId: string, itemId: string): string =>
  `pg_try_advisory_xact_lock(${lockKeySql(sourceId, itemId)})`;

export async function findItem(tx: Tx, { sourceId, itemId }: ItemPlace): Promise<SentItem | null> {
  const text = `SELECT i.version, i.killed, i.digest FROM @source_items i WHERE i.source_id = $1::uuid AND i.item_id = $2::text`;
  return (await tx.read<SentItem>({ name: 'sent-item', text }, [sourceId, itemId]))[0] ?? null;
}

const rememberInto = 'INSERT INTO @source_items AS i (source_id, item_id, version, killed, digest)';
const remembered = `$1::uuid, $2::text, $3::int, $4::boolean, $5::text`;
/** Keeps the higher of two versions; of two equal ones, the later. */
const rememberHigher = `ON CONFLICT (source_id, item_id) DO UPDATE
      SET version = EXCLUDED.version, killed = EXCLUDED.killed, digest = EXCLUDED.digest, at = EXCLUDED.at
      WHERE EXCLUDED.version >= i.version RETURNING i.item_id`;

/** SQL that remembers what a source has sent, of which the `rememberedValues` are the first parameters. */
export const rememberSql = `${rememberInto} VALUES (${remembered}) ${rememberHigher}`;

/** The same under a condition. */
export const rememberIfSql = (condition: string): string =>
  `${rememberInto} SELECT ${remembered} WHERE ${condition} ${rememberHigher}`;

export const rememberedValues = ({ sourceId, itemId }: ItemPlace, { version, killed, digest }: SentItem): Value[] => [
  sourceId,
  itemId,
  String(version),
  killed,
  digest,
];

export async function rememberItem(tx: Tx, place: ItemPlace, sent: SentItem): Promise<void> {
  await tx.read({ name: 'remember-item', text: rememberSql }, rememberedValues(place, sent));
}

/** Forgets an item, as if the source had never sent it: from then on every version of it is new. */
export async function forgetItem(tx: Tx, { sourceId, itemId }: ItemPlace): Promise<void> {
  const text = `DELETE FROM @source_items WHERE source_id = $1::uuid AND item_id = $2::text RETURNING item_id`;
  await tx.read({ text }, [sourceId, itemId]);
}

/**
 * Hands over everything that one source has sent to another source. If both have sent the same item id, the higher version
 * stays.
 */
export async function moveItems(tx: Tx, fromId: string, toId: string): Promise<void> {
  const text = `INSERT INTO @source_items AS i (source_id, item_id, version, killed, digest, at)
    SELECT $2::uuid, o.item_id, o.version, o.killed, o.digest, o.at FROM @source_items o WHERE o.source_id = $1::uuid ORDER BY o.item_id
    ON CONFLICT (source_id, item_id) DO UPDATE SET version = EXCLUDED.version, at = EXCLUDED.at,
      killed = EXCLUDED.killed OR (i.killed AND i.version = EXCLUDED.version),
      digest = CASE WHEN i.version < EXCLUDED.version OR i.digest = EXCLUDED.digest THEN EXCLUDED.digest END
      WHERE EXCLUDED.version >= i.version RETURNING i.item_id`;
  await tx.read({ text }, [fromId, toId]);
  await tx.read({ text: 'DELETE FROM @source_items WHERE source_id = $1::uuid RETURNING item_id' }, [fromId]);
}

/** Who may send the items of a source; null if the source is gone. */
export async function findItemsFrom(tx: Tx, sourceId: string): Promise<ItemsFrom | null> {
  const text = 'SELECT s.items_from AS "from" FROM @sources s WHERE s.id = $1::uuid';
  return (await tx.read<{ from: ItemsFrom }>({ name: 'items-from', text }, [sourceId]))[0]?.from ?? null;
}
