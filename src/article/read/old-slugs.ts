/**
 * Whose a slug is to readers. `slug_history` names for each slug the last article that they had under it and no longer
 * have: since it has another one, or since it was taken back. What only time takes from them is written nowhere.
 */

/** Whether `a`, which has expired, had its slug when it did. */
const expiredHere = `(a.status = 'published' AND a.deleted_at IS NULL AND NOT EXISTS (SELECT FROM @revisions r
  WHERE r.article_id = a.id AND 'slug' = ANY(r.changed) AND r.at >= a.expires_at))`;

/** Whether readers who ask for the slug of `a`, which is withdrawn, mean `a`, and not another article that they had there. */
export const isMeantSql = `(NOT EXISTS (SELECT FROM @slug_history o WHERE o.slug = a.slug AND o.article_id <> a.id) OR ${expiredHere})`;

/** Keeps the slug `$1` for the article `$2`; where that expired at `$3`, only if it had the slug by then. */
export const keepSlugSql = `INSERT INTO @slug_history (slug, article_id) SELECT $1::text, $2::uuid
  WHERE $3::timestamptz IS NULL OR NOT EXISTS (SELECT FROM @revisions r
    WHERE r.article_id = $2::uuid AND 'slug' = ANY(r.changed) AND r.at >= $3::timestamptz)
  ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id, at = EXCLUDED.at RETURNING slug`;
