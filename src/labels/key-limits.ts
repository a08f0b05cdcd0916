import type { LabelTable } from '../article/read/label-names.ts';
import type { Tx } from '../db/tx.ts';

/** The tags and sources that access keys are limited to, as SQL over `k` (access_keys). */

const columns = { tags: 'tag_ids', sources: 'source_ids' } as const;

const allGone = (table: LabelTable) =>
  `(cardinality(k.${columns[table]}) > 0 AND NOT EXISTS (SELECT FROM @${table} x WHERE x.id = ANY(k.${columns[table]})))`;

/** Whether a key reaches nothing any more, because all its sources or all its tags are gone. */
export const deadSql = `(${allGone('sources')} OR ${allGone('tags')})`;

/** Whether the article `x` is within the limits of the key, if it has any. */
export const reachesSql = `(cardinality(k.source_ids) = 0 OR x.source_id = ANY(k.source_ids))
  AND (cardinality(k.tag_ids) = 0 OR EXISTS (SELECT FROM @article_tags y WHERE y.article_id = x.id AND y.tag_id = ANY(k.tag_ids)))`;

/**
 * Replaces a tag or source by its successor in the limits of all keys. A key that has the successor already does not name
 * it twice.
 */
export function moveKeyLimits(
  tx: Tx,
  table: LabelTable,
  fromId: string,
  toId: string,
): Promise<{ id: string; version: number }[]> {
  const column = columns[table];
  const text = `UPDATE @access_keys k SET version = k.version + 1, ${column} = ARRAY(SELECT l.id FROM (
      SELECT CASE WHEN e.id = $1::uuid THEN $2::uuid ELSE e.id END AS id, min(e.place) AS place
      FROM unnest(k.${column}) WITH ORDINALITY AS e (id, place) GROUP BY 1) l ORDER BY l.place)
    WHERE $1::uuid = ANY(k.${column}) AND k.revoked_at IS NULL RETURNING k.id::text, k.version`;
  return tx.read({ text }, [fromId, toId]);
}
