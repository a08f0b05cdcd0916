import { expectFew } from '../../db/sql.ts';

export type LabelTable = 'tags' | 'sources';

export const history = {
  tags: { kind: 'tag', column: 'tag_id' },
  sources: { kind: 'source', column: 'source_id' },
} as const;

const formerSql = (table: LabelTable, was: string) =>
  `SELECT h.${history[table].column} FROM @label_history h WHERE h.kind = '${history[table].kind}' AND h.was = ${was}`;

/** SQL for the id of the label with this id or slug. An old name counts only if no label has the name now. */
export const labelIdSql = (table: LabelTable, by: 'id' | 'slug', place: string): string =>
  by === 'id'
    ? `coalesce((SELECT x.id FROM @${table} x WHERE x.id = ${place}::uuid), (${formerSql(table, `${place}::uuid::text`)}))`
    : `coalesce((SELECT x.id FROM @${table} x WHERE x.slug = ${place}::text), (${formerSql(table, `${place}::text`)}))`;

/** SQL for the ids of the labels with these slugs and ids, old ones included. Each comes once. */
export const labelIdsSql = (table: LabelTable, slugs: string, ids: string): string =>
  `SELECT x.id FROM @${table} x WHERE x.slug = ANY(${slugs}::text[]) OR x.id = ANY(${ids}::uuid[])
    UNION SELECT h.${history[table].column} FROM @label_history h WHERE h.kind = '${history[table].kind}'
      AND h.was = ANY(${slugs}::text[] || ${ids}::uuid[]::text[]) AND NOT EXISTS (SELECT FROM @${table} l WHERE l.slug = h.was)`;

/** SQL for the successor of the tag or source with this id, as rows of `was` and `heir`. */
export const successorSql = (id: string): string =>
  `SELECT h.was, coalesce(h.tag_id, h.source_id) AS heir FROM @label_history h WHERE h.kind IN ('tag', 'source') AND h.was = ${id}`;

/**
 * SQL for the labels with these ids and slugs, as rows of `name` (the id or slug asked for) and of the label. A current name
 * wins over an old one. `lock` and further conditions may follow.
 */
export const namedLabelsSql = (table: LabelTable, ids: string, slugs: string, columns: string): string =>
  `SELECT n.name, x.id::text, ${columns} FROM (
    SELECT i::text AS name, ${labelIdSql(table, 'id', 'i')} AS id FROM unnest(${ids}::uuid[]) i WHERE ${expectFew.text('i::text')}
    UNION ALL SELECT s, ${labelIdSql(table, 'slug', 's')} FROM unnest(${slugs}::text[]) s WHERE ${expectFew.text('s')}
  ) n JOIN @${table} x ON x.id = n.id`;
