import type { Tx } from '../../db/tx.ts';

export type TrashedArticle = { id: string; slug: string; version: number };

/**
 * Some of the articles that have been in the trash for more than this many days, longest first, locked. Rows that others
 * have locked are skipped.
 */
export function lockOld(tx: Tx, days: number, limit: number): Promise<TrashedArticle[]> {
  const text = `SELECT a.id::text, a.slug, a.version FROM @articles a WHERE a.deleted_at < now() - make_interval(days => $1::int)
        ORDER BY a.deleted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return tx.read<TrashedArticle>({ text }, [String(days)]);
}

export async function removeArticle(tx: Tx, id: string): Promise<void> {
  await tx.models.article.delete({ where: { id }, select: { id: true } });
}
