/**
 * Which article readers mean by a slug. `slug_history` names, for each slug, the last article that readers had under it and
 * no longer have there, because its slug changed or it was taken back. Expiry writes nothing.
 */

/** Whether `a`, which has expired, still had this slug when it expired. */
const expiredHere = `(a.status = 'published' AND a.deleted_at IS NULL AND NOT EXISTS (SELECT FROM @revisions r
  WHERE r.article_id = a.id AND 'slug' = ANY(r.changed) AND r.at >= a.expires_at))`;

/**
 * Whether readers who ask for the slug of the withdrawn article `a` mean `a`, and not another article that they had there.
 */
export const isMeantSql = `(NOT EXISTS (SELECT FROM @slug_history o WHERE o.slug = a.slug AND o.article_id <> a.id) OR ${expiredHere})`;

/**
 * Keeps the slug `$1` for the article `$2`. If the article expired at `$3`, then only if it still had the slug at that
 * time.
 */
export const keepSlugSql = `INSERT INTO @slug_history (slug, article_id) SELECT $1::text, $2::uuid
  WHERE $3::timestamptz IS NULL OR NOT EXISTS (SELECT FROM @revisions r
    WHERE r.article_id = $2::uuid AND 'slug' = ANY(r.changed) AND r.at >= $3::timestamptz)
  ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id, at = EXCLUDED.at RETURNING slug`;
