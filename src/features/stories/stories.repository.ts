import { otherEditionSql } from '../../article/read/view-sql.ts';
import { type Caller, callerValues, visibleTo } from '../../article/read/visible.ts';
import { keyOf, type Ref } from '../../core/ref.ts';
import { isNamed } from '../../db/sql.ts';
import type { Tx } from '../../db/tx.ts';

/**
 * The article that has this slug, or had it. Among the articles that this caller may see, a current slug wins over an old
 * one.
 */
export async function resolveSlug(tx: Tx, ref: Ref, caller: Caller): Promise<Ref> {
  if ('id' in ref) return ref;
  const text = `SELECT a.id::text FROM @articles a WHERE a.deleted_at IS NULL AND ${visibleTo(caller.audience, '$2')}
    AND a.id IN (SELECT b.id FROM @articles b WHERE b.slug = $1::text UNION ALL SELECT h.article_id FROM @slug_history h WHERE h.slug = $1::text)
    ORDER BY a.slug = $1::text DESC LIMIT 1`;
  return (await tx.read<{ id: string }>({ text }, [ref.slug, ...callerValues(caller)]))[0] ?? ref;
}

/**
 * The story of an article: the id that its editions share. Null if the article is in the trash or this caller may not see
 * it.
 */
export async function findStory(tx: Tx, ref: Ref, caller: Caller): Promise<{ id: string; story: string } | null> {
  const text = `SELECT a.id::text, coalesce(a.story_id, a.id)::text AS story FROM @articles a
    WHERE ${isNamed(ref, 'a', '$1', '')} AND a.deleted_at IS NULL AND ${visibleTo(caller.audience, '$2')} FOR SHARE`;
  return (await tx.read<{ id: string; story: string }>({ text }, [keyOf(ref), ...callerValues(caller)]))[0] ?? null;
}

/** Whether the story has no other article. */
export async function isAlone(tx: Tx, { id, storyId }: { id: string; storyId: string | null }): Promise<boolean> {
  return (await tx.read({ text: otherEditionSql }, [id, storyId ?? id])).length === 0;
}
