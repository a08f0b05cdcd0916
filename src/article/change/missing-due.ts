import type { Read } from '../../db/tx.ts';
import { publicPredicate } from '../read/visible.ts';

/** How many days back it is asked whether an instant was recorded. */
const daysBack = 7;

/** The migration that made the table `due`. What time did before it was no event, and becomes none. */
const sinceMigration = '20261128151000_due';

/** The range of instants. What lies further ahead has its row by the time it comes, because this runs each hour. */
const near = (column: string) => `a.status = 'published' AND a.deleted_at IS NULL
  AND a.${column} > (SELECT since FROM span) AND a.${column} <= now() + interval '1 day'`;

/** Looked up for each article: a join would be planned by how many rows `due` had when it was last counted. */
const noRow = (what: string) => `(SELECT d.at FROM @due d WHERE d.article_id = a.id AND d.what = '${what}') IS NULL`;

/** What strangers were told last: whether they see the article. Null if they were told nothing. */
const toldShown = `(SELECT e.public_after IS NOT NULL FROM @events e WHERE e.subject_id = a.id AND e.is_public
  AND e.type LIKE 'article.%' ORDER BY e.seq DESC LIMIT 1)`;

const text = `WITH span AS MATERIALIZED (
    SELECT greatest(now() - make_interval(hours => $1::int), (SELECT max(m.finished_at) FROM @_prisma_migrations m
      WHERE m.migration_name = '${sinceMigration}')) AS since
  ), missing AS (
    SELECT a.id, 'published' AS what, a.published_at AS at FROM @articles a WHERE ${near('published_at')} AND ${noRow('published')}
      AND (a.published_at > now() OR (${publicPredicate} AND ${toldShown} IS NOT TRUE))
    UNION ALL
    SELECT a.id, 'expired', a.expires_at FROM @articles a WHERE ${near('expires_at')} AND ${noRow('expired')}
      AND (a.expires_at > now() OR ${toldShown})
  )
  INSERT INTO @due (article_id, what, at) SELECT m.id, m.what, m.at FROM missing m ORDER BY m.at, m.id
  ON CONFLICT (article_id, what) DO NOTHING RETURNING 1 AS added`;

/**
 * Adds rows to `due` that the change did not write, as where an article was changed by SQL: instants of the next day, and
 * those that have passed while strangers see another thing than they were told. Whoever numbers then records them with their
 * instant. `eventsDays`: how long events are kept, 0 for ever; older instants are not asked for. Returns how many it added.
 */
export async function addMissingDue(read: Read, eventsDays: number): Promise<number> {
  const days = eventsDays === 0 ? daysBack : Math.min(daysBack, eventsDays / 2);
  return (await read({ text }, [String(Math.floor(days * 24))])).length;
}
