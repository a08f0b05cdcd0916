import { conflict } from '../../core/errors.ts';
import type { ItemsFrom } from '../../core/item-sender.ts';
import { uniqueViolation } from '../../db/errors.ts';
import { nextVersionSql } from '../../db/label-moves.ts';
import type { LabelKind } from '../../db/labels.ts';

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

/** How sources are stored; root-relative addresses are shown under the public address. */
export const sourceKind = (publicUrl: string): LabelKind<SourceContent> => ({
  table: 'sources',
  noun: 'source',
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
  async move(tx, { to, articleIds, actorId }) {
    const text = `UPDATE @articles SET source_id = $3::uuid, ${nextVersionSql} WHERE id = ANY($1::uuid[])`;
    try {
      await tx.read({ text }, [articleIds, actorId, to]);
    } catch (thrown) {
      if (uniqueViolation(thrown) === undefined) throw thrown;
      throw conflict(
        'source-item-taken',
        'Both sources have an article of the same sourceItemId; change it in one of the two.',
      );
    }
  },
});
