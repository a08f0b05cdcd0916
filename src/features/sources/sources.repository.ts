import { labelIdSql } from '../../article/read/label-names.ts';
import { moveItems } from '../../article/source-items.ts';
import { conflict, Failure } from '../../core/errors.ts';
import type { ItemsFrom } from '../../core/item-sender.ts';
import { keyOfLabel, kindOfLabelRef, type LabelRef } from '../../core/label-ref.ts';
import { uniqueViolation } from '../../db/errors.ts';
import type { Read } from '../../db/tx.ts';
import type { LabelKind } from '../../labels/labels.ts';
import { nextVersionSql } from '../../labels/move.ts';

const itemTaken = 'source-item-taken';

export type SourceContent = {
  slug: string;
  name: string;
  url: string | null;
  creditLine: string | null;
  licence: string | null;
  logoUrl: string | null;
  language: string | null;
  itemsFrom: ItemsFrom;
};

/**
 * Adds to the failure which item both sources have an article for, and which article of the receiving source it is. Editors
 * see every article, so it may be named. Looked up after the transaction, since a failed transaction can read no more.
 */
export async function namingShared<Result>(
  read: Read,
  { from, to }: { from: LabelRef; to: LabelRef },
  move: () => Promise<Result>,
): Promise<Result> {
  try {
    return await move();
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== itemTaken) throw thrown;
    const is = (ref: LabelRef, alias: string, place: string) =>
      `${alias}.id = ${labelIdSql('sources', kindOfLabelRef(ref), place)}`;
    const text = `SELECT b.id::text AS existing, b.source_id::text AS source, b.source_item_id AS "sourceItemId"
      FROM @sources f JOIN @articles a ON a.source_id = f.id JOIN @sources t ON ${is(to, 't', '$2')}
      JOIN @articles b ON b.source_id = t.id AND b.source_item_id = a.source_item_id WHERE ${is(from, 'f', '$1')}
      ORDER BY b.id LIMIT 1`;
    const [shared] = await read<{ existing: string; source: string; sourceItemId: string }>(
      { text },
      [from, to].map(keyOfLabel),
    );
    throw shared === undefined ? thrown : conflict(thrown.code, thrown.message, shared);
  }
}

/** How sources are stored. Root-relative addresses are shown below `publicUrl`. */
export const sourceKind = (publicUrl: string): LabelKind<SourceContent> => ({
  table: 'sources',
  noun: 'source',
  articleField: 'source',
  columns: {
    slug: 'slug',
    name: 'name',
    url: 'url',
    creditLine: 'credit_line',
    licence: 'licence',
    logoUrl: 'logo_url',
    language: 'language',
    itemsFrom: 'items_from',
  },
  urlColumns: ['url', 'logo_url'],
  publicUrl,
  articlesSql: 'SELECT y.id FROM @articles y WHERE y.source_id = $1::uuid',
  step: 'resource',
  moveRest: moveItems,
  async move(tx, { to, articleIds, actorId }) {
    const text = `UPDATE @articles SET source_id = $3::uuid, ${nextVersionSql} WHERE id = ANY($1::uuid[])`;
    try {
      await tx.read({ text }, [articleIds, actorId, to]);
    } catch (thrown) {
      if (uniqueViolation(thrown) === undefined) throw thrown;
      throw conflict(itemTaken, 'Both sources have an article of the same sourceItemId; change it in one of the two.');
    }
  },
});
