import { instantSql, statusSql, tookItemSql } from '../../article/read/view-sql.ts';
import type { ItemPlace } from '../../article/source-items.ts';
import { notFound } from '../../core/errors.ts';
import { keyOf, type Ref } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Tx } from '../../db/tx.ts';
import { findNamed } from '../../labels/references.ts';

/** An article as the wire needs to know it: `live` is published, whatever its dates make of it. */
export type Known = { id: string; version: number; item_version: number | null; live: boolean; trashed: boolean };

export async function findSource(tx: Tx, ref: Ref): Promise<string> {
  const source = (await findNamed(tx.read, 'sources', [ref])).get(keyOf(ref));
  if (source === undefined) throw notFound();
  return source.id;
}

/** The article of an item, locked as it is now. */
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

/** Whether an article stands for nothing but a kill notice of an item that never came: nobody has touched but its source. */
export async function isPlaceholder(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT 1 AS other FROM @revisions r WHERE r.article_id = $1::uuid AND r.step NOT IN ('kill', 'resource') LIMIT 1`;
  return (await tx.read<{ other: number }>({ text }, [articleId])).length === 0;
}

/** Whether the last that the wire sent of an article's item was a kill that is still only asked for. */
export async function isKillAsked(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT r.step FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.step IN ('kill', 'kill-asked') OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  return (await tx.read<{ step: string }>({ text }, [articleId]))[0]?.step === 'kill-asked';
}

type Unseen = { status: 'scheduled' | 'expired'; at: string };

/** Why readers do not see what is published, and since or until when; null where they do, or it is not published. */
export async function findUnseen(tx: Tx, articleId: string): Promise<Unseen | null> {
  const text = `SELECT ${statusSql} AS status, ${instantSql('CASE WHEN a.published_at > now() THEN a.published_at ELSE a.expires_at END')} AS at
    FROM @articles a WHERE a.id = $1::uuid AND ${statusSql} IN ('scheduled', 'expired')`;
  return (await tx.read<Unseen>({ text }, [articleId]))[0] ?? null;
}

export type Touched = { field: string; base: number };

/**
 * The fields that others have changed since the wire did, each with the version in which the wire did: the first one where
 * it never has. Its publishing in the same call is the wire's too, and a kill, which takes dates that are ahead, is nobody's edit.
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

/** By the id or slug of a tag that was merged, the id of the one that took its place. */
export async function findSuccessors(tx: Tx, was: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const text = `SELECT h.was, h.tag_id::text AS heir FROM @label_history h WHERE h.kind = 'tag' AND h.was = ANY($1::text[])`;
  const rows = await tx.read<{ was: string; heir: string }>({ text }, [was]);
  return new Map(rows.map((row) => [row.was, row.heir]));
}
