import { type Ref, splitRefs } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Read, Tx } from '../../db/tx.ts';
import type { Stored } from '../content.ts';
import type { Viewer } from '../read/page.ts';
import { instantSql, tookItemSql } from '../read/view-sql.ts';
import { callerValues, visibleTo } from '../read/visible.ts';
import { storedSql } from './stored-sql.ts';

/**
 * Locks all articles of a call that changes several, always in the same order: in an order of the caller's, two such calls
 * could deadlock. An article that is missing, or that this caller may not see, is reported when its own change comes.
 */
export async function lockTogether(tx: Tx, refs: readonly (Ref | null)[]): Promise<void> {
  const { ids, slugs } = splitRefs(refs.filter((ref) => ref !== null));
  if (ids.length + slugs.length === 0) return;
  const text =
    'SELECT a.id::text FROM @articles a WHERE a.id = ANY($1::uuid[]) OR a.slug = ANY($2::text[]) ORDER BY a.id';
  const found = await tx.read<{ id: string }>({ text }, [ids, slugs]);
  tx.turn(...found.map(({ id }) => articleTurn(id)));
  await tx.read({ text: `${text} FOR UPDATE` }, [ids, slugs]);
}

/**
 * The article as it is now, without a lock and without a check of who may see it. Only for telling about it, not for
 * deciding a write.
 */
export async function findStored(read: Read, id: string): Promise<Stored | null> {
  const text = `SELECT ${storedSql} AS stored FROM @articles a WHERE a.id = $1::uuid`;
  const rows = await read<{ stored: string }>({ name: 'stored-article', text }, [id]);
  const stored: Stored | undefined = rows[0] && JSON.parse(rows[0].stored);
  return stored ?? null;
}

/** The database's time, RFC 3339 in UTC, in whole milliseconds. */
export async function databaseNow(tx: Tx): Promise<string> {
  const [row] = await tx.read<{ now: string }>({
    name: 'now',
    text: `SELECT ${instantSql("date_trunc('milliseconds', now())")} AS now`,
  });
  if (row === undefined) throw new Error('the database did not say the time');
  return row.now;
}

/**
 * The reason of the newest kill notice. Null if the wire has sent a newer version since, or the article was published
 * since.
 */
export async function findKill(tx: Tx, articleId: string): Promise<string | null> {
  const text = `SELECT r.step, r.note FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.step IN ('kill', 'kill-asked', 'publish') OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  const [row] = await tx.read<{ step: string; note: string | null }>({ name: 'newest-kill', text }, [articleId]);
  return row?.step.startsWith('kill') ? row.note : null;
}

export async function findTakenSlugs(read: Read, slugs: readonly string[]): Promise<string[]> {
  const rows = await read<{ slug: string }>({ text: 'SELECT slug FROM @articles WHERE slug = ANY($1::text[])' }, [
    slugs,
  ]);
  return rows.map(({ slug }) => slug);
}

/** The id of the article with this slug, if this viewer may see it. */
export async function findIdBySlug(read: Read, slug: string, viewer: Viewer): Promise<string | null> {
  const text = `SELECT a.id::text FROM @articles a WHERE a.slug = $1::text AND ${visibleTo(viewer.audience, '$2')}`;
  return (await read<{ id: string }>({ text }, [slug, ...callerValues(viewer)]))[0]?.id ?? null;
}

/** The id of the article that stands for this item of a source, if this viewer may see it. */
export async function findIdByItem(
  read: Read,
  { source, sourceItemId }: { source: string; sourceItemId: string },
  viewer: Viewer,
): Promise<string | null> {
  const text = `SELECT a.id::text FROM @articles a
    WHERE a.source_id = $1::uuid AND a.source_item_id = $2::text AND ${visibleTo(viewer.audience, '$3')}`;
  return (await read<{ id: string }>({ text }, [source, sourceItemId, ...callerValues(viewer)]))[0]?.id ?? null;
}
