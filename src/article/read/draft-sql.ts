import type { Tx } from '../../db/tx.ts';
import { columns, draftMembers } from '../field-lists.ts';
import type { ArticleField, Member } from '../fields.ts';
import type { WarningCode } from '../warnings.ts';
import { successorSql } from './label-names.ts';
import { articleJson, tagsOf, tagsSql } from './view-sql.ts';

/** SQL for articles as they would be with their working draft, over `x` (articles) and `d` (drafts, outer join). */

const sourceIsThere = `EXISTS (SELECT FROM @sources s WHERE s.id = (d.content->>'sourceId')::uuid)`;

const inDrafts = new Set<Member>(draftMembers);

const overrides = [
  ...columns
    .filter(({ member }) => inDrafts.has(member) && member !== 'sourceItemId')
    .map(({ member, column }) => `'${column}', d.content->'${member}'`),
  // An item id means nothing without its source.
  `'source_item_id', CASE WHEN ${sourceIsThere} THEN d.content->'sourceItemId' END`,
].join(', ');

/** The article's row with the draft's members in place of its own. */
const mergedSql = `jsonb_populate_record(x, CASE WHEN d.article_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(${overrides}) END)`;

const draftTagsSql = tagsOf(
  `(SELECT e.value::uuid AS tag_id, e.position FROM jsonb_array_elements_text(d.content->'tagIds') WITH ORDINALITY AS e (value, position)) at`,
  'TRUE',
);

/**
 * The JSON object of an article with its working draft applied, or as it is if it has no draft. Tags and sources that no
 * longer exist are left out.
 */
export const mergedJson = (names: readonly ArticleField[]): string =>
  `(SELECT ${articleJson(names, { tags: `CASE WHEN d.article_id IS NULL THEN ${tagsSql} ELSE ${draftTagsSql} END` })}
    FROM ${mergedSql} a LEFT JOIN @sources s ON s.id = a.source_id)`;

/**
 * The name of a tag or source that no longer exists: as in the version that the draft began from, else its last slug, else
 * its id.
 */
const calledSql = (id: string) => `coalesce(
  (SELECT l.value->>'name' FROM @revisions r, jsonb_array_elements(r.snapshot->'tags' || jsonb_build_array(r.snapshot->'source')) l
    WHERE r.article_id = d.article_id AND r.version = d.base_version AND l.value->>'id' = ${id} LIMIT 1),
  (SELECT e.data->>'slug' FROM @events e WHERE e.subject_id = ${id}::uuid ORDER BY e.seq DESC LIMIT 1), ${id})`;

/** The codes of the warnings that this SQL makes. */
const gone = { source: 'removed-source', tag: 'removed-tag' } as const satisfies Record<string, WarningCode>;

/** A JSON array of warnings: one for each tag of a draft that no longer exists, and one for such a source. */
export const goneSql = `(SELECT coalesce(json_agg(json_build_object('code', c.code, 'detail', c.called, 'count', 1) ORDER BY c.position), '[]') FROM (
    SELECT 0 AS position, '${gone.source}' AS code, ${calledSql("(d.content->>'sourceId')")} AS called
      WHERE d.content->>'sourceId' IS NOT NULL AND NOT ${sourceIsThere}
    UNION ALL SELECT g.position, '${gone.tag}', ${calledSql('g.value')}
      FROM jsonb_array_elements_text(d.content->'tagIds') WITH ORDINALITY AS g (value, position)
      WHERE NOT EXISTS (SELECT FROM @tags t WHERE t.id = g.value::uuid)) c)`;

/** A JSON object from id to id: the successors of the tags and the source in the version that a draft began from. */
export const successorsSql = `(SELECT coalesce(json_object_agg(h.was, h.heir), '{}') FROM @revisions r
    CROSS JOIN LATERAL jsonb_array_elements(r.snapshot->'tags' || jsonb_build_array(r.snapshot->'source')) l
    CROSS JOIN LATERAL (${successorSql("l.value->>'id'")}) h
    WHERE r.article_id = d.article_id AND r.version = d.base_version)`;

/** SQL for the ids of the articles whose working draft names the tag or source `$1`. */
export const draftsNamingSql = {
  tags: `SELECT d.article_id FROM @drafts d WHERE d.content->'tagIds' ? $1::uuid::text`,
  sources: `SELECT d.article_id FROM @drafts d WHERE d.content->>'sourceId' = $1::uuid::text`,
} as const;

/**
 * Replaces a tag or source by its successor in all drafts that name it. A draft that has the successor already does not
 * name it twice. Each draft gets its next version, since what was read is no longer what would be published. Returns the
 * ids of the articles of these drafts.
 * `movedIds` are the articles that have just got the successor too, each with its next version: drafts that were up to date
 * with them stay so.
 */
export async function moveDraftLabel(
  tx: Tx,
  table: 'tags' | 'sources',
  { from, to, movedIds, actorId }: { from: string; to: string; movedIds: readonly string[]; actorId: string },
): Promise<string[]> {
  const next = `version = version + 1, updated_by_id = $3::uuid, updated_at = date_trunc('milliseconds', now())`;
  const sources = `UPDATE @drafts SET ${next}, content = jsonb_set(content, '{sourceId}', to_jsonb($2::text)) WHERE content->>'sourceId' = $1::text
    RETURNING article_id::text`;
  const tags = `UPDATE @drafts SET ${next}, content = jsonb_set(content, '{tagIds}', (SELECT jsonb_agg(t.id ORDER BY t.position) FROM (
      SELECT CASE WHEN e.value = $1::text THEN $2::text ELSE e.value END AS id, min(e.position) AS position
      FROM jsonb_array_elements_text(content->'tagIds') WITH ORDINALITY AS e (value, position) GROUP BY 1) t))
    WHERE content->'tagIds' ? $1::text RETURNING article_id::text`;
  const text = { tags, sources }[table];
  const changed = await tx.read<{ article_id: string }>({ text }, [from, to, actorId]);
  const base = `UPDATE @drafts d SET base_version = a.version FROM @articles a
    WHERE a.id = d.article_id AND a.id = ANY($1::uuid[]) AND d.base_version = a.version - 1`;
  if (movedIds.length > 0) await tx.read({ text: base }, [movedIds]);
  return changed.map(({ article_id }) => article_id);
}
