import { instantSql, statusSql, tookItemSql } from '../../article/read/view-sql.ts';
import type { ItemPlace } from '../../article/source-items.ts';
import { notFound } from '../../core/errors.ts';
import { keyOf, type Ref } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Tx } from '../../db/tx.ts';
import { findNamed } from '../../labels/references.ts';

/** An article, as far as a wire's item needs it. `live`: its status is published, whatever its dates say. */
export type Known = { id: string; version: number; item_version: number | null; live: boolean; trashed: boolean };

export async function findSource(tx: Tx, ref: Ref): Promise<string> {
  const source = (await findNamed(tx.read, 'sources', [ref])).get(keyOf(ref));
  if (source === undefined) throw notFound();
  return source.id;
}

/** The article of an item, with a lock on its row. */
export async function lockArticleOf(tx: Tx, { sourceId, itemId }: ItemPlace): Promise<Known | null> {
  const where = 'a.source_id = $1::uuid AND a.source_item_id = $2';
  const sought = await tx.read<{ id: string }>({ text: `SELECT a.id::text FROM @articles a WHERE ${where}` }, [
    sourceId,
    itemId,
  ]);
  tx.turn(...sought.map(({ id }) => articleTurn(id)));
  const text = `SELECT a.id::text, a.version, a.item_version, a.status = 'published' AND a.deleted_at IS NULL AS live, a.deleted_at IS NOT NULL AS trashed
    FROM @articles a WHERE ${where} FOR UPDATE`;
  return (await tx.read<Known>({ text }, [sourceId, itemId]))[0] ?? null;
}

/** Whether an article exists only because of a kill notice for an item that never came: only its source has touched it. */
export async function isPlaceholder(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT 1 AS other FROM @revisions r WHERE r.article_id = $1::uuid AND r.step NOT IN ('kill', 'resource') LIMIT 1`;
  return (await tx.read<{ other: number }>({ text }, [articleId])).length === 0;
}

/** Whether the last thing that the wire sent about an article was a kill that the desk has still to decide on. */
export async function isKillAsked(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT r.step FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.step IN ('kill', 'kill-asked') OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  return (await tx.read<{ step: string }>({ text }, [articleId]))[0]?.step === 'kill-asked';
}

type Unseen = { status: 'scheduled' | 'expired'; at: string };

/**
 * Why readers do not see a published article: whether it is scheduled or expired, and when that ends or began. Null if
 * readers see it, or if it is not published.
 */
export async function findUnseen(tx: Tx, articleId: string): Promise<Unseen | null> {
  const text = `SELECT ${statusSql} AS status, ${instantSql('CASE WHEN a.published_at > now() THEN a.published_at ELSE a.expires_at END')} AS at
    FROM @articles a WHERE a.id = $1::uuid AND ${statusSql} IN ('scheduled', 'expired')`;
  return (await tx.read<Unseen>({ text }, [articleId]))[0] ?? null;
}

export type Touched = { field: string; base: number };

/**
 * The fields that others have changed after the wire did. `base` is the last version in which the wire changed the field: 1
 * if it never did. Publishing in the same call counts as the wire's change. A kill, which clears dates ahead, counts as
 * nobody's edit.
 */
export function findTouched(tx: Tx, articleId: string, sent: readonly string[]): Promise<Touched[]> {
  const text = `SELECT x.field, coalesce(max(x.version) FILTER (WHERE x.wires), 1) AS base FROM (
      SELECT f AS field, o.version, o.step, EXISTS (SELECT FROM @revisions r WHERE r.article_id = o.article_id
        AND r.at = o.at AND r.version <= o.version AND ${tookItemSql}) AS wires
      FROM @revisions o, unnest(o.changed) f WHERE o.article_id = $1::uuid AND f = ANY($2::text[])
    ) x GROUP BY x.field
    HAVING max(x.version) FILTER (WHERE NOT x.wires AND x.step NOT IN ('kill', 'kill-asked', 'retag', 'resource')) > coalesce(max(x.version) FILTER (WHERE x.wires), 1)`;
  return tx.read<Touched>({ text }, [articleId, sent]);
}

/** From the id or slug of a merged tag to the id of its successor. */
export async function findSuccessors(tx: Tx, was: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const text = `SELECT h.was, h.tag_id::text AS heir FROM @label_history h WHERE h.kind = 'tag' AND h.was = ANY($1::text[])`;
  const rows = await tx.read<{ was: string; heir: string }>({ text }, [was]);
  return new Map(rows.map((row) => [row.was, row.heir]));
}
