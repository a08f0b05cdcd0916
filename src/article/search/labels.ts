import { type LabelRef, splitLabelRefs } from '../../core/label-ref.ts';
import type { Read } from '../../db/tx.ts';
import { history, type LabelTable, labelIdsSql } from '../read/label-names.ts';

/**
 * The labels of a search, by id. `keys`: the ids under which entries may have them, which are those of the labels and of what
 * was merged into them, since a merge changes no entry.
 */
export type SearchedLabels = { ids: string[]; keys: string[] };

const labelsSql = (table: LabelTable, called: string, ids: string) => {
  const { kind, column } = history[table];
  const former = `SELECT h.was FROM @label_history h WHERE h.kind = '${kind}' AND h.${column} IN (SELECT id FROM ${table})
    AND h.was ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'`;
  return {
    rows: `${table} AS MATERIALIZED (${labelIdsSql(table, called, ids)})`,
    ids: `ARRAY(SELECT id::text FROM ${table})`,
    keys: `ARRAY(SELECT id::text FROM ${table} UNION ${former})`,
  };
};

const [tags, sources] = [labelsSql('tags', '$1', '$2'), labelsSql('sources', '$3', '$4')];

const statement = {
  name: 'search-labels',
  text: `WITH ${tags.rows}, ${sources.rows} SELECT ${tags.ids} AS tag_ids, ${tags.keys} AS tag_keys,
    ${sources.ids} AS source_ids, ${sources.keys} AS source_keys`,
};

type Row = { tag_ids: string[]; tag_keys: string[]; source_ids: string[]; source_keys: string[] };

export type AskedLabels = { tags?: readonly LabelRef[] | undefined; sources?: readonly LabelRef[] | undefined };

/** The labels that a search names; null for a kind that it does not name. */
export async function findLabels(
  read: Read,
  { tags, sources }: AskedLabels,
): Promise<Record<LabelTable, SearchedLabels | null>> {
  if (!tags && !sources) return { tags: null, sources: null };
  const [ofTags, ofSources] = [splitLabelRefs(tags ?? []), splitLabelRefs(sources ?? [])];
  const [row] = await read<Row>(statement, [ofTags.called, ofTags.ids, ofSources.called, ofSources.ids]);
  if (row === undefined) throw new Error('the database did not say which labels there are');
  return {
    tags: tags ? { ids: row.tag_ids, keys: row.tag_keys } : null,
    sources: sources ? { ids: row.source_ids, keys: row.source_keys } : null,
  };
}
