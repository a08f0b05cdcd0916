import { expectFew } from '../../db/sql.ts';

export type LabelTable = 'tags' | 'sources';

export const history = {
  tags: { kind: 'tag', column: 'tag_id' },
  sources: { kind: 'source', column: 'source_id' },
} as const;

const formerSql = (table: LabelTable, was: string) =>
  `SELECT h.${history[table].column} FROM @label_history h WHERE h.kind = '${history[table].kind}' AND h.was = ${was}`;

/** What `called` of a `LabelRef` is: a slug or an identity key. The other is empty, which no slug and no key is. */
const slugIn = (called: string) => `split_part(${called}::text, chr(10), 1)`;
const keyIn = (called: string) => `split_part(${called}::text, chr(10), 2)`;

/** How a `LabelRef` names a label. */
type By = 'id' | 'called';

/** An SQL condition: whether the label `x` has this id, or is called so. */
export const isLabelSql = (by: By, place: string): string =>
  by === 'id' ? `x.id = ${place}::uuid` : `(x.slug = ${slugIn(place)} OR x.identity_key = ${keyIn(place)})`;

/** SQL for the id of the label that has this id or is called so now. */
export const presentLabelIdSql = (table: LabelTable, by: By, place: string): string =>
  by === 'id'
    ? `(SELECT x.id FROM @${table} x WHERE x.id = ${place}::uuid)`
    : `coalesce((SELECT x.id FROM @${table} x WHERE x.identity_key = ${keyIn(place)}), (SELECT x.id FROM @${table} x WHERE x.slug = ${slugIn(place)}))`;

/** The same, where what labels were called counts too, if none is called so now. */
export const labelIdSql = (table: LabelTable, by: By, place: string): string =>
  `coalesce(${presentLabelIdSql(table, by, place)}, (${formerSql(table, by === 'id' ? `${place}::uuid::text` : `coalesce(nullif(${slugIn(place)}, ''), ${keyIn(place)})`)}))`;

/** What references in two arrays name, as rows of `asked` (the id, or what it is called) and `id`, null for none. */
const referredSql = (table: LabelTable, ids: string, called: string, idSql: typeof labelIdSql) =>
  `SELECT i::text AS asked, ${idSql(table, 'id', 'i')} AS id FROM unnest(${ids}::uuid[]) i WHERE ${expectFew.text('i::text')}
    UNION ALL SELECT s, ${idSql(table, 'called', 's')} FROM unnest(${called}::text[]) s WHERE ${expectFew.text('s')}`;

/**
 * SQL for the ids of the labels with these ids, or called so, now or before. Each comes once. Of arrays that are made in the
 * statement the planner expects as much for all values as for these.
 */
export function labelIdsSql(table: LabelTable, called: string, ids: string): string {
  const partsOf = (part: (called: string) => string) => `ARRAY(SELECT ${part('c')} FROM unnest(${called}::text[]) c)`;
  const [slugs, keys] = [partsOf(slugIn), partsOf(keyIn)];
  const { kind, column } = history[table];
  return `SELECT x.id FROM @${table} x WHERE x.slug = ANY(${slugs}) OR x.identity_key = ANY(${keys}) OR x.id = ANY(${ids}::uuid[])
    UNION SELECT h.${column} FROM @label_history h WHERE h.kind = '${kind}' AND h.was = ANY(${slugs} || ${keys} || ${ids}::uuid[]::text[])
      AND NOT EXISTS (SELECT FROM @${table} l WHERE l.slug = h.was)
      AND NOT EXISTS (SELECT FROM @${table} l WHERE l.identity_key = h.was AND h.was = ANY(${keys}))`;
}

/** SQL for the successor of the tag or source with this id, as rows of `was` and `heir`. */
export const successorSql = (id: string): string =>
  `SELECT h.was, coalesce(h.tag_id, h.source_id) AS heir FROM @label_history h WHERE h.kind IN ('tag', 'source') AND h.was = ${id}`;

/**
 * SQL for the labels with these ids, or called so, as rows of `asked` and of the label. A current name
 * wins over an old one; with `presentLabelIdSql`, old ones do not count. A lock and further conditions may follow.
 */
export const namedLabelsSql = (
  table: LabelTable,
  ids: string,
  called: string,
  columns: string,
  idSql = labelIdSql,
): string =>
  `SELECT n.asked, x.id::text, ${columns} FROM (${referredSql(table, ids, called, idSql)}) n JOIN @${table} x ON x.id = n.id`;
