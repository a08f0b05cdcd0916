import { draftsNamingSql } from '../article/read/draft-sql.ts';
import { conflict, notFound } from '../core/errors.ts';
import type { LabelRef } from '../core/label-ref.ts';
import type { Db } from '../db/client.ts';
import type { Tx } from '../db/tx.ts';
import type { AnyLabelKind, LabelContent, LabelKind } from './labels.ts';
import { type LabelChange, lockLabel } from './write.ts';

type Removal = { check(version: number): void; record(tx: Tx, removed: LabelChange): Promise<void> };

/**
 * Removes a label. Throws 409 `in-use` with the number of articles if any article carries it, itself or in its working
 * draft.
 */
export function removeLabel<Content extends LabelContent>(
  db: Db,
  kind: LabelKind<Content>,
  ref: LabelRef,
  { check, record }: Removal,
): Promise<void> {
  return db.transaction(async (tx) => {
    const stored = await lockLabel(tx, kind, ref);
    if (stored === null) throw notFound();
    check(stored.version);
    const { length: articles } = await usersOf(tx, kind, stored.id);
    if (articles > 0) {
      const carried = articles === 1 ? '1 article has' : `${articles} articles have`;
      const detail = `${carried} this ${kind.noun}, working drafts and trash counted; name another one with reassignTo.`;
      throw conflict('in-use', detail, { articles });
    }
    await deleteLabel(tx, kind, stored.id);
    const { slug } = stored.content;
    await record(tx, {
      id: stored.id,
      slug,
      wasSlug: slug,
      version: stored.version,
      changed: [],
      tookFrom: [],
    });
  });
}

export async function deleteLabel(tx: Tx, kind: AnyLabelKind, id: string): Promise<void> {
  await tx.read({ text: `DELETE FROM @${kind.table} WHERE id = $1::uuid RETURNING id::text` }, [id]);
}

async function idsOf(tx: Tx, articles: string, labelId: string): Promise<string[]> {
  const text = `SELECT coalesce(array_agg(c.id::text ORDER BY c.id), '{}') AS ids FROM (${articles}) c (id)`;
  const [row] = await tx.read<{ ids: string[] }>({ text }, [labelId]);
  return row?.ids ?? [];
}

/** SQL for the ids of the articles that carry the label `$1`, themselves or in their working draft. */
export const usersSql = (kind: AnyLabelKind) => `${kind.articlesSql} UNION ${draftsNamingSql[kind.table]}`;

/** The ids of the articles that carry a label, in order. */
export const articlesOf = (tx: Tx, kind: AnyLabelKind, labelId: string): Promise<string[]> =>
  idsOf(tx, kind.articlesSql, labelId);

/** The ids of the articles that carry a label, themselves or in their working draft, in order. */
export const usersOf = (tx: Tx, kind: AnyLabelKind, labelId: string): Promise<string[]> =>
  idsOf(tx, usersSql(kind), labelId);
