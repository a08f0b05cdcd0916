import type { LabelKind } from '../../labels/labels.ts';
import { nextVersionSql } from '../../labels/move.ts';

export type TagContent = { slug: string; name: string; description: string | null };

/** An article with both tags keeps the remaining one, at the earlier of the two positions. Positions may have gaps. */
const moveTagsSql = `WITH doubled AS (
    DELETE FROM @article_tags f USING @article_tags t
      WHERE f.tag_id = $1::uuid AND t.tag_id = $2::uuid AND t.article_id = f.article_id RETURNING f.article_id, f.position
  ), raised AS (
    UPDATE @article_tags t SET position = d.position FROM doubled d
      WHERE t.article_id = d.article_id AND t.tag_id = $2::uuid AND t.position > d.position
  )
  UPDATE @article_tags f SET tag_id = $2::uuid
    WHERE f.tag_id = $1::uuid AND NOT EXISTS (SELECT 1 FROM @article_tags t WHERE t.article_id = f.article_id AND t.tag_id = $2::uuid)`;

/** How tags are stored. */
export const tagKind: LabelKind<TagContent> = {
  table: 'tags',
  noun: 'tag',
  articleField: 'tags',
  columns: { slug: 'slug', name: 'name', description: 'description' },
  urlColumns: [],
  publicUrl: '',
  articlesSql: 'SELECT y.article_id FROM @article_tags y WHERE y.tag_id = $1::uuid',
  step: 'retag',
  async move(tx, { from, to, articleIds, actorId }) {
    await tx.read({ text: moveTagsSql }, [from, to]);
    await tx.read({ text: `UPDATE @articles SET ${nextVersionSql} WHERE id = ANY($1::uuid[])` }, [articleIds, actorId]);
  },
};
