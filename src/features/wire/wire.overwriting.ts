import type { ArticleChanges } from '../../article/change/change.ts';
import type { FieldChange } from '../../article/differences.ts';
import { tookItemSql } from '../../article/read/view-sql.ts';
import { type Warning, warning } from '../../article/warnings.ts';
import type { Tx } from '../../db/tx.ts';

/** What a wire's new version takes the place of, where a person had written it. */

type Version = { id: string; version: number };

type Touched = { field: string; base: number };

/**
 * The fields that others have changed since the wire did, each with the version in which the wire did: the first one where
 * it never has. Its publishing in the same call is the wire's too, and a kill, which takes dates that are ahead, is nobody's edit.
 */
function touchedFields(tx: Tx, articleId: string, sent: readonly string[]): Promise<Touched[]> {
  const text = `SELECT x.field, coalesce(max(x.version) FILTER (WHERE x.wires), 1) AS base FROM (
      SELECT f AS field, o.version, o.step, EXISTS (SELECT FROM @revisions r WHERE r.article_id = o.article_id
        AND r.at = o.at AND r.version <= o.version AND ${tookItemSql}) AS wires
      FROM @revisions o, unnest(o.changed) f WHERE o.article_id = $1::uuid AND f = ANY($2::text[])
    ) x GROUP BY x.field
    HAVING max(x.version) FILTER (WHERE NOT x.wires AND x.step NOT IN ('kill', 'kill-asked', 'retag', 'resource')) > coalesce(max(x.version) FILTER (WHERE x.wires), 1)`;
  return tx.read<Touched>({ text }, [articleId, sent]);
}

const idsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'id' in one ? [String(one.id)] : []))
    : [];

/** Whether tags are others than they were, a tag that another took the place of being that other. */
async function areOtherTags(tx: Tx, { before, after }: FieldChange): Promise<boolean> {
  const ids = idsOf(before);
  const text = `SELECT h.was, h.tag_id::text AS heir FROM @label_history h WHERE h.kind = 'tag' AND h.was = ANY($1::text[])`;
  const rows = await tx.read<{ was: string; heir: string }>({ text }, [ids]);
  const heirs = new Map(rows.map(({ was, heir }) => [was, heir]));
  const now = new Set(ids.map((id) => heirs.get(id) ?? id));
  return [...now].join() !== idsOf(after).join();
}

/** Those of the fields `sent` that differ from what the wire made of them last; none where its revision is not known. */
export async function deskEdits(
  tx: Tx,
  changes: ArticleChanges,
  article: Version,
  sent: readonly string[],
): Promise<string[]> {
  const touched = await touchedFields(tx, article.id, sent);
  const edits: string[] = [];
  for (const since of new Set(touched.map(({ base }) => base))) {
    const differing: string[] = [];
    for (const change of (await changes.since(tx, article, since)) ?? [])
      if (change.field !== 'tags' || (await areOtherTags(tx, change))) differing.push(change.field);
    edits.push(...touched.flatMap(({ field, base }) => (base === since && differing.includes(field) ? [field] : [])));
  }
  return edits;
}

/** One warning for each field of those that the desk had edited (`edits`) and the version now written has changed again. */
export async function overwritten(
  tx: Tx,
  changes: ArticleChanges,
  { before, after, edits, sent }: { before: number; after: Version; edits: string[]; sent: readonly string[] },
): Promise<Warning[]> {
  if (edits.length === 0 || after.version === before) return [];
  const changed = ((await changes.since(tx, after, before)) ?? []).map(({ field }) => field);
  return sent
    .filter((field) => edits.includes(field) && changed.includes(field))
    .map((field) => warning('overwrote-desk-edit', field));
}
