import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { publicPredicate, withdrawnPredicate } from '../../db/visible.ts';
import type { RedirectListQuery } from './redirects.schema.ts';

export type RedirectService = {
  /** Old slugs that lead to what is public now, in order of slug; `data` is one JSON array. */
  list(query: RedirectListQuery): Promise<{ data: string; nextCursor: string | null }>;
};

const listName = 'redirects';

/** A live slug beats an old one, but not that of a draft, which readers must not learn of. */
const statement = {
  name: 'redirects-list',
  text: `SELECT h.slug, (SELECT row_to_json(v) FROM (SELECT h.slug AS "from", a.slug AS "to", a.id AS "articleId", a.language AS "language") v)::text AS body
    FROM @slug_history h JOIN @articles a ON a.id = h.article_id
    WHERE ($1::text IS NULL OR h.slug COLLATE "C" > $1::text) AND ${publicPredicate}
      AND NOT EXISTS (SELECT 1 FROM @articles a WHERE a.slug = h.slug AND ((${publicPredicate}) OR ${withdrawnPredicate}))
    ORDER BY h.slug COLLATE "C" LIMIT $2::int`,
};

export function redirectService({ db, cursors }: { db: Db; cursors: Cursors }): RedirectService {
  return {
    async list({ limit, after }) {
      const from = after === undefined ? null : (cursors.open(listName, after)[0] ?? null);
      const found = await db.read<{ slug: string; body: string }>(statement, [from, String(limit + 1)]);
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return {
        data: `[${rows.map(({ body }) => body).join(',')}]`,
        nextCursor: found.length > limit && last !== undefined ? cursors.seal(listName, [last.slug]) : null,
      };
    },
  };
}
