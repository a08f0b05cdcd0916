import { type ArticleField, articleJson, tagsOf, tagsSql } from './article-sql.ts';
import type { Tx } from './client.ts';

/** Articles as they would be with their working draft, as SQL over `x` (articles) and `d` (drafts, outer join). */

/** The column of each member of a draft's content. The order of tags is in `tagIds`, which is no column. */
const columns = {
  language: 'language',
  slug: 'slug',
  slugDerived: 'slug_derived',
  kicker: 'kicker',
  title: 'title',
  excerpt: 'excerpt',
  body: 'body',
  bodyFormat: 'body_format',
  bodyHtml: 'body_html',
  cover: 'cover',
  byline: 'byline',
  deskInitials: 'desk_initials',
  sourceId: 'source_id',
  sourceUrl: 'source_url',
  sourceItemId: 'source_item_id',
  expiresAt: 'expires_at',
} as const;

const overrides = Object.entries(columns)
  .map(([member, column]) => `'${column}', d.content->'${member}'`)
  .join(', ');

/** The article's row with the members of the draft in the place of its own. */
const mergedSql = `jsonb_populate_record(x, CASE WHEN d.article_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(${overrides}) END)`;

const draftTagsSql = tagsOf(
  `(SELECT e.value::uuid AS tag_id, e.position FROM jsonb_array_elements_text(d.content->'tagIds') WITH ORDINALITY AS e (value, position)) at`,
  'TRUE',
);

/** The JSON object of an article with its working draft, or as it is without one. A tag or source that is gone is left out. */
export const mergedJson = (names: readonly ArticleField[]): string =>
  `(SELECT ${articleJson(names, { tags: `CASE WHEN d.article_id IS NULL THEN ${tagsSql} ELSE ${draftTagsSql} END` })}
    FROM ${mergedSql} a LEFT JOIN @sources s ON s.id = a.source_id)`;

/** Drafts that name a tag or source get the one that takes its place; a tag that they have already is not named twice. */
export async function moveDraftLabel(tx: Tx, table: 'tags' | 'sources', from: string, to: string): Promise<void> {
  const source = `UPDATE @drafts SET content = jsonb_set(content, '{sourceId}', to_jsonb($2::text)) WHERE content->>'sourceId' = $1::text`;
  const tags = `UPDATE @drafts SET content = jsonb_set(content, '{tagIds}', (SELECT jsonb_agg(t.id ORDER BY t.position) FROM (
      SELECT CASE WHEN e.value = $1::text THEN $2::text ELSE e.value END AS id, min(e.position) AS position
      FROM jsonb_array_elements_text(content->'tagIds') WITH ORDINALITY AS e (value, position) GROUP BY 1) t))
    WHERE content->'tagIds' ? $1::text`;
  await tx.read({ text: table === 'tags' ? tags : source }, [from, to]);
}
