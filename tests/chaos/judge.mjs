import { administer } from './house.mjs';

/**
 * What the database has of what was acknowledged: `lost` are articles without the acknowledged version, its revision or
 * its event; `doubled` are titles that more than one article has; `half` are articles that are there in part.
 */
export async function judge(adminUrl, acknowledged) {
  const ids = [...acknowledged.keys()];
  const [found] = await administer(adminUrl, [
    `SELECT (SELECT count(*)::int FROM unnest($1::uuid[], $2::int[]) AS k(id, version) WHERE NOT EXISTS (SELECT 1 FROM articles a
         JOIN revisions r ON r.article_id = a.id AND r.version = k.version
         JOIN events e ON e.subject_id = a.id AND e.version = k.version WHERE a.id = k.id AND a.version >= k.version)) AS lost,
       (SELECT count(*)::int FROM (SELECT title FROM articles GROUP BY title HAVING count(*) > 1) t) AS doubled,
       (SELECT count(*)::int FROM (SELECT a.id FROM articles a WHERE
           (SELECT array_agg(r.version ORDER BY r.version) FROM revisions r WHERE r.article_id = a.id) IS DISTINCT FROM
             (SELECT array_agg(v) FROM generate_series(1, a.version) v)
           OR (SELECT count(DISTINCT e.version) FROM events e WHERE e.subject_id = a.id) <> a.version
         UNION ALL SELECT e.subject_id FROM events e WHERE e.subject_type = 'article'
           AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.article_id = e.subject_id AND r.version = e.version)) h) AS half,
       (SELECT count(*)::int FROM articles) AS articles, (SELECT count(*)::int FROM revisions) AS revisions`,
    [ids, ids.map((id) => acknowledged.get(id))],
  ]);
  return found;
}
