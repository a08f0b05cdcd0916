import { instantSql, personSql } from '../../article/read/view-sql.ts';
import { type Caller, callerValues, visibleTo } from '../../article/read/visible.ts';
import { keyOf, kindOfRef, type Ref } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import { isNamed } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { EditingView } from './editing.schema.ts';

/** Who has an article open. A row counts for this many seconds. */

export const leaseS = 60;

export type OpenArticle = { id: string; version: number; sourceId: string | null; tagIds: string[] };

/** The article, if this caller may see it. */
export async function findArticle(read: Read, ref: Ref, caller: Caller): Promise<OpenArticle | null> {
  const text = `SELECT a.id::text, a.version, a.source_id::text AS "sourceId",
    ARRAY(SELECT t.tag_id::text FROM @article_tags t WHERE t.article_id = a.id) AS "tagIds"
    FROM @articles a WHERE ${isNamed(ref, 'a', '$1')} AND ${visibleTo(caller.audience, '$2')}`;
  return (
    (
      await read<OpenArticle>({ name: `open-article-by-${kindOfRef(ref)}-${caller.audience}`, text }, [
        keyOf(ref),
        ...callerValues(caller),
      ])
    )[0] ?? null
  );
}

/** All who have the article open now, in the order in which they came. */
export async function listEditing(read: Read, articleId: string): Promise<EditingView['data']> {
  const text = `SELECT coalesce(json_agg(row_to_json(c)), '[]')::text AS data FROM (SELECT ${personSql('e.user_id')} AS "user",
    ${instantSql('e.since')} AS "since", ${instantSql('e.expires_at')} AS "expiresAt"
    FROM @editing e WHERE e.article_id = $1::uuid AND e.expires_at > now() ORDER BY e.since, e.user_id) c`;
  const [row] = await read<{ data: string }>({ name: 'editing', text }, [articleId]);
  return row === undefined ? [] : JSON.parse(row.data);
}

const until = `date_trunc('milliseconds', now()) + interval '${leaseS} seconds'`;

/** Renews the lease of a user who has the article open. Returns false if there is none to renew. */
export async function renewLease(read: Read, articleId: string, userId: string): Promise<boolean> {
  const text = `UPDATE @editing e SET expires_at = ${until}
    WHERE e.article_id = $1::uuid AND e.user_id = $2::uuid AND e.expires_at > now() RETURNING e.user_id::text`;
  return (await read({ name: 'lease-renew', text }, [articleId, userId])).length > 0;
}

/** A new row locks the row of its article (foreign key), for which a change may be waiting; hence the turn. */
export async function insertLease(db: Db, articleId: string, userId: string): Promise<void> {
  const text = `INSERT INTO @editing AS e (article_id, user_id, expires_at) VALUES ($1::uuid, $2::uuid, ${until})
    ON CONFLICT (article_id, user_id) DO UPDATE SET expires_at = excluded.expires_at,
      since = CASE WHEN e.expires_at > now() THEN e.since ELSE excluded.since END RETURNING user_id::text`;
  await db.transaction((tx) => tx.read({ name: 'lease-insert', text }, [articleId, userId]), {
    turns: [articleTurn(articleId)],
  });
}

export async function removeLease(read: Read, articleId: string, userId: string): Promise<void> {
  const text = 'DELETE FROM @editing WHERE article_id = $1::uuid AND user_id = $2::uuid';
  await read({ name: 'lease-remove', text }, [articleId, userId]);
}
