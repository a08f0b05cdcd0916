import { isMeantSql } from '../../article/read/old-slugs.ts';
import { changesInSql } from '../../article/read/view-sql.ts';
import { publicPredicate, withdrawnPredicate } from '../../article/read/visible.ts';
import { readJson } from '../../db/json-rows.ts';
import type { Read } from '../../db/tx.ts';

/** A redirect as JSON that Postgres made; `changes_in`: seconds until time alone changes the list. */
export type RedirectRow = { slug: string | null; json: string; changes_in: number | null };

/**
 * If there are no redirects, one row without a slug. The current slug of an article wins over an old slug, but not the slug
 * of a draft, which readers must not learn of unless they had the article there.
 */
const statement = {
  name: 'redirects-list',
  text: `SELECT x.slug, x.body, c.changes_in FROM (SELECT ${changesInSql}::float8 AS changes_in) c LEFT JOIN LATERAL (
      SELECT h.slug, (SELECT row_to_json(v) FROM (SELECT h.slug AS "from", a.slug AS "to", a.id AS "articleId", a.language AS "language") v)::text AS body
      FROM @slug_history h JOIN @articles a ON a.id = h.article_id
      WHERE ($1::text IS NULL OR h.slug COLLATE "C" > $1::text) AND ${publicPredicate}
        AND NOT EXISTS (SELECT 1 FROM @articles a WHERE a.slug = h.slug AND ((${publicPredicate}) OR (${withdrawnPredicate} AND ${isMeantSql})))
      ORDER BY h.slug COLLATE "C" LIMIT $2::int
    ) x ON true ORDER BY x.slug COLLATE "C"`,
};

/** The redirects after a slug, in the order of slugs. */
export const listRedirects = (read: Read, after: string | null, limit: number): Promise<RedirectRow[]> =>
  readJson<RedirectRow>(read, statement, [after, String(limit)]);
