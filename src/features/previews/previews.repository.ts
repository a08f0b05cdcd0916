import { publicArticleFields } from '../../article/field-lists.ts';
import { mergedJson } from '../../article/read/draft-sql.ts';
import { instantSql, killedSql, personSql } from '../../article/read/view-sql.ts';
import { type Caller, callerValues, visibleTo } from '../../article/read/visible.ts';
import { keyOf, type Ref } from '../../core/ref.ts';
import { readJson } from '../../db/json-rows.ts';
import { isNamed } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { makerJoin, opensSql, showsDraftSql } from './previews.rights.ts';

/** The article of a preview, as far as the rules need it. */
export type Subject = {
  id: string;
  version: number;
  created_by_id: string | null;
  trashed: boolean;
  killed: boolean;
  source_id: string | null;
  tag_ids: string[];
};

/** The article, if this caller may see it. */
export async function findSubject(read: Read, ref: Ref, caller: Caller): Promise<Subject | null> {
  const text = `SELECT a.id::text, a.version, a.created_by_id::text, a.deleted_at IS NOT NULL AS trashed, ${killedSql('a.id')} AS killed, a.source_id::text,
      ARRAY(SELECT t.tag_id::text FROM @article_tags t WHERE t.article_id = a.id) AS tag_ids
    FROM @articles a WHERE ${isNamed(ref, 'a', '$1')} AND ${visibleTo(caller.audience, '$2')}`;
  const rows = await read<Subject>({ text }, [keyOf(ref), ...callerValues(caller)]);
  return rows[0] ?? null;
}

export async function isUser(read: Read, id: string): Promise<boolean> {
  return (await read({ text: 'SELECT 1 AS found FROM @users u WHERE u.id = $1::uuid' }, [id])).length > 0;
}

/** A preview as it is shown, as JSON that Postgres made. */
export type PreviewRow = { id: string; json: string };

/** SQL for a fact about a link as it is now; its article, its maker and its key decide. */
const nowSql = (what: string) => `(SELECT ${what} FROM @articles x ${makerJoin} WHERE x.id = p.article_id)`;

const shown = `p.id::text, (SELECT row_to_json(v) FROM (SELECT p.id AS "id", ${nowSql(showsDraftSql)} AS "showsDraft",
  (p.revoked_at IS NULL AND p.expires_at > now() AND NOT ${nowSql(opensSql)}) AS "suspended",
  ${personSql('p.created_by_id')} AS "createdBy", p.article_id AS "article", p.key_id AS "key", ${instantSql('p.created_at')} AS "createdAt", ${instantSql('p.expires_at')} AS "expiresAt", ${instantSql('p.revoked_at')} AS "revokedAt") v)::text AS body`;

const ofSql = { article: 'p.article_id', person: 'p.created_by_id' } as const;

/** The previews of an article, or those that a user made, newest first: ids begin with their time. */
export function listPreviews(
  read: Read,
  of: keyof typeof ofSql,
  id: string,
  after: string | null,
  limit: number,
): Promise<PreviewRow[]> {
  const text = `SELECT ${shown} FROM @previews p WHERE ${ofSql[of]} = $1::uuid AND ($2::uuid IS NULL OR p.id < $2::uuid)
    ORDER BY p.id DESC LIMIT $3::int`;
  return readJson<PreviewRow>(read, { name: `previews-list-of-${of}`, text }, [id, after, String(limit)]);
}

export type NewPreview = {
  id: string;
  articleId: string;
  showsDraft: boolean;
  createdById: string;
  keyId: string | null;
  hours: number;
};

export async function insertPreview(tx: Tx, preview: NewPreview): Promise<PreviewRow> {
  const text = `INSERT INTO @previews AS p (id, article_id, shows_draft, created_by_id, key_id, expires_at)
    VALUES ($1::uuid, $2::uuid, $3::boolean, $4::uuid, $6::uuid, date_trunc('milliseconds', now()) + make_interval(hours => $5::int)) RETURNING ${shown}`;
  const { id, articleId, showsDraft, createdById, keyId, hours } = preview;
  const values = [id, articleId, String(showsDraft), createdById, String(hours), keyId];
  const [row] = await readJson<PreviewRow>(tx.read, { text }, values);
  if (row === undefined) throw new Error('a preview that was just stored is gone');
  return row;
}

/** Revokes a preview of this article. Null if there is no such preview; `ended`: whether this call ended it. */
export async function revokePreview(tx: Tx, articleId: string, id: string): Promise<{ ended: boolean } | null> {
  const text = `WITH found AS (SELECT id, revoked_at FROM @previews WHERE id = $1::uuid AND article_id = $2::uuid FOR UPDATE),
      ended AS (UPDATE @previews p SET revoked_at = date_trunc('milliseconds', now()) FROM found f WHERE p.id = f.id AND f.revoked_at IS NULL RETURNING p.id)
    SELECT EXISTS (SELECT FROM ended) AS ended FROM found`;
  return (await tx.read<{ ended: boolean }>({ text }, [id, articleId]))[0] ?? null;
}

export type PreviewedRow = { article_id: string; json: string; is_draft: boolean; expires_at: string };

const previewedStatement = {
  name: 'preview',
  text: `SELECT x.id::text AS article_id, ${mergedJson(publicArticleFields)}::text AS body, d.article_id IS NOT NULL AS is_draft, ${instantSql('p.expires_at')} AS expires_at
    FROM @previews p JOIN @articles x ON x.id = p.article_id ${makerJoin} LEFT JOIN @drafts d ON d.article_id = x.id AND ${showsDraftSql}
    WHERE p.id = $2::uuid AND p.revoked_at IS NULL AND p.expires_at > now() AND ${opensSql}`,
};

/**
 * What a preview shows. Null unless the preview is valid, its maker may still share the article, and the article is there.
 */
export async function findPreviewed(read: Read, id: string, publicUrl: string): Promise<PreviewedRow | null> {
  return (await readJson<PreviewedRow>(read, previewedStatement, [publicUrl, id]))[0] ?? null;
}
