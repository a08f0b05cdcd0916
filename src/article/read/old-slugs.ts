/**
 * Which article readers mean by a slug. `slug_history` names, for each slug, the last article that readers had under it and
 * no longer have there, because its slug changed or it was taken back. Expiry writes nothing.
 */

/** Whether an article that expired at `expiredAt` got no other slug since. */
const keptSinceSql = (articleId: string, expiredAt: string) =>
  `NOT EXISTS (SELECT FROM @revisions r WHERE r.article_id = ${articleId} AND 'slug' = ANY(r.changed) AND r.at >= ${expiredAt})`;

/** Whether `a`, which has expired, still had this slug when it expired. */
const expiredHere = `(a.status = 'published' AND a.deleted_at IS NULL AND ${keptSinceSql('a.id', 'a.expires_at')})`;

/**
 * Whether readers who ask for the slug of the withdrawn article `a` mean `a`: they had it there, and no other article since.
 * A slug that it took in a draft or after its end says nothing to them.
 */
export const isMeantSql = `(EXISTS (SELECT FROM @slug_history o WHERE o.slug = a.slug AND o.article_id = a.id) OR ${expiredHere})`;

/**
 * Keeps a slug for an article, unless the slug is null. If the article expired at `expiredAt`, then only if it still had the
 * slug at that time. The parameters have their types.
 */
export const keepSlugSql = (slug: string, articleId: string, expiredAt: string) =>
  `INSERT INTO @slug_history (slug, article_id) SELECT ${slug}, ${articleId}
  WHERE ${slug} IS NOT NULL AND (${expiredAt} IS NULL OR ${keptSinceSql(articleId, expiredAt)})
  ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id, at = EXCLUDED.at`;
