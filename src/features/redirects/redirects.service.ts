import { isMeantSql } from '../../article/read/old-slugs.ts';
import { changesInSql } from '../../article/read/view-sql.ts';
import { publicPredicate, withdrawnPredicate } from '../../article/read/visible.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import type { RedirectListQuery } from './redirects.schema.ts';

export type RedirectService = {
  /** Old slugs that lead to what is public now, in order of slug; `data` is one JSON array. */
  list(query: RedirectListQuery): Promise<{ data: string; nextCursor: string | null; maxAgeS: number | undefined }>;
};

const listName = 'redirects';

/** One row without a slug where there are none. A live slug beats an old one, but not that of a draft, which readers must not learn of unless they had it there. */
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

export function redirectService({ db, cursors }: { db: Db; cursors: Cursors }): RedirectService {
  return {
    async list({ limit, after }) {
      const from = after === undefined ? null : (cursors.open(listName, after)[0] ?? null);
      const found = await db.read<{ slug: string | null; body: string; changes_in: number | null }>(statement, [
        from,
        String(limit + 1),
      ]);
      const rows = found.slice(0, limit).filter(({ slug }) => slug !== null);
      const last = rows.at(-1)?.slug ?? null;
      return {
        data: `[${rows.map(({ body }) => body).join(',')}]`,
        nextCursor: found.length > limit && last !== null ? cursors.seal(listName, [last]) : null,
        maxAgeS: found[0]?.changes_in ?? undefined,
      };
    },
  };
}
