import type { LabelTable } from '../../article/read/label-names.ts';
import { instantSql, personSql, snapshotSql } from '../../article/read/view-sql.ts';
import { type Caller, callerValues, visibleTo } from '../../article/read/visible.ts';
import { keyOf, kindOfRef, type Ref } from '../../core/ref.ts';
import { isNamed } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { holdNamed } from '../../labels/references.ts';

export type RevisionRow = { article_id: string; version: number | null; revision: string };
export type SnapshotRow = { article_id: string; version: number; revision: string; snapshot: string };

/** Authors see only the revisions of their own articles: what others wrote before publication is not theirs to see. */
const seenBy = ({ audience }: Caller, actorId: string) =>
  audience === 'author' ? `a.created_by_id = ${actorId}::uuid` : visibleTo(audience, actorId);

const revisionJson = `(SELECT row_to_json(v)::text FROM (SELECT r.version AS "version", r.step AS "step", ${instantSql('r.at')} AS "at",
  ${personSql('r.actor_id')} AS "by",
  r.note AS "note", r.changed AS "changed") v)`;

/**
 * The revisions of an article below a version, newest first, if this caller may see them. No row if there is no such
 * article; one row without a version if it has no more revisions.
 */
export function listRevisions(
  read: Read,
  ref: Ref,
  caller: Caller,
  page: { below: string | null; limit: number },
): Promise<RevisionRow[]> {
  const text = `SELECT a.id::text AS article_id, p.version, p.revision FROM @articles a LEFT JOIN LATERAL (
      SELECT r.version, ${revisionJson} AS revision FROM @revisions r
      WHERE r.article_id = a.id AND r.version < coalesce($2::int, 2147483647) ORDER BY r.version DESC LIMIT $3::int
    ) p ON true WHERE ${isNamed(ref, 'a', '$1')} AND ${seenBy(caller, '$4')} ORDER BY p.version DESC`;
  const name = `revisions-${kindOfRef(ref)}-${caller.audience}`;
  return read<RevisionRow>({ name, text }, [keyOf(ref), page.below, String(page.limit), ...callerValues(caller)]);
}

/** Some versions of an article, if this caller may see them, with the public URL in place of each placeholder. */
export function findSnapshots(
  read: Read,
  ref: Ref,
  caller: Caller,
  { versions, publicUrl }: { versions: readonly number[]; publicUrl: string },
): Promise<SnapshotRow[]> {
  const text = `SELECT a.id::text AS article_id, r.version, ${revisionJson} AS revision, ${snapshotSql('r.snapshot', '$3')} AS snapshot
    FROM @articles a JOIN @revisions r ON r.article_id = a.id
    WHERE ${isNamed(ref, 'a', '$1')} AND r.version = ANY($2::int[]) AND ${seenBy(caller, '$4')}`;
  const name = `revision-snapshots-${kindOfRef(ref)}-${caller.audience}`;
  return read<SnapshotRow>({ name, text }, [keyOf(ref), versions.map(String), publicUrl, ...callerValues(caller)]);
}

/**
 * The ids of today for some tags or sources: their own, or that of their successor. There is no entry for one that is gone.
 * Locked, so that none is removed until the transaction ends.
 */
export async function findPresent(tx: Tx, table: LabelTable, ids: readonly string[]): Promise<Map<string, string>> {
  const refs = ids.map((id) => ({ id }));
  return new Map([...(await holdNamed(tx, table, refs))].map(([name, { id }]) => [name, id]));
}

/** Whether another article has this item of the source by now. */
export async function isItemTaken(tx: Tx, articleId: string, sourceId: string, itemId: string): Promise<boolean> {
  const text = `SELECT 1 AS found FROM @articles a WHERE a.source_id = $1::uuid AND a.source_item_id = $2::text AND a.id <> $3::uuid`;
  return (await tx.read({ text }, [sourceId, itemId, articleId])).length > 0;
}
