import { tookItemSql } from '../../db/article-sql.ts';
import type { Tx } from '../../db/client.ts';
import type { ArticleChanges } from '../articles/articles.changes.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';

/** What a wire's new version takes the place of, where a person had written it. */

type Version = { id: string; version: number };

/**
 * The article's version as the wire left it last, its own publishing in the same call included; the first one where the
 * wire has sent none. A kill carries no text.
 */
async function wiresLast(tx: Tx, articleId: string): Promise<number> {
  const text = `SELECT coalesce(max(o.version), 1) AS version FROM @revisions o WHERE o.article_id = $1::uuid AND o.at = (
      SELECT r.at FROM @revisions r WHERE r.article_id = $1::uuid AND (r.version = 1 OR ${tookItemSql})
      ORDER BY r.version DESC LIMIT 1)`;
  return (await tx.read<{ version: number }>({ text }, [articleId]))[0]?.version ?? 1;
}

/** The fields that others than the wire have changed since one of its versions; its kill takes dates that are ahead. */
async function touchedSince(tx: Tx, articleId: string, since: number): Promise<Set<string>> {
  const text = `SELECT DISTINCT f AS field FROM @revisions r, unnest(r.changed) f
    WHERE r.article_id = $1::uuid AND r.version > $2::int AND r.step <> 'kill'`;
  return new Set((await tx.read<{ field: string }>({ text }, [articleId, String(since)])).map(({ field }) => field));
}

/** The fields that differ from what the wire sent last; none where its revision is not known. */
export async function deskEdits(tx: Tx, changes: ArticleChanges, article: Version): Promise<string[]> {
  const since = await wiresLast(tx, article.id);
  if (since === article.version) return [];
  const touched = await touchedSince(tx, article.id, since);
  return ((await changes.since(tx, article, since)) ?? []).map(({ field }) => field).filter((one) => touched.has(one));
}

/** One warning for each field of those that the desk had edited (`edits`) and the version now written has changed again. */
export async function overwritten(
  tx: Tx,
  changes: ArticleChanges,
  { before, after, edits, sent }: { before: number; after: Version; edits: string[]; sent: readonly string[] },
): Promise<BodyWarning[]> {
  if (!edits.some((field) => sent.includes(field)) || after.version === before) return [];
  const changed = ((await changes.since(tx, after, before)) ?? []).map(({ field }) => field);
  return sent
    .filter((field) => edits.includes(field) && changed.includes(field))
    .map((field) => ({ code: 'overwrote-desk-edit', detail: field, count: 1 }));
}
