import { columns } from '../field-lists.ts';
import type { Member } from '../fields.ts';
import { instantSql, statusSql } from '../read/view-sql.ts';

/** The members of an article that are instants. */
export const instants: ReadonlySet<Member> = new Set([
  'publishedAt',
  'expiresAt',
  'firstPublishedAt',
  'deletedAt',
  'modifiedAt',
]);

const contentSql = columns.map(({ member, column }) => {
  const value = instants.has(member) ? instantSql(`a.${column}`) : `a.${column}`;
  return `${value} AS "${member}"`;
});

/** SQL for the JSON text of a `Stored`, over the row `a`. */
export const storedSql = `(SELECT row_to_json(v)::text FROM (SELECT a.id AS "id", ${contentSql.join(', ')}, a.version AS "version",
  a.created_by_id AS "createdById", ${statusSql} AS "shownStatus", ${instantSql("date_trunc('milliseconds', now())")} AS "now",
  (SELECT coalesce(json_agg(t.tag_id ORDER BY t.position), '[]') FROM @article_tags t WHERE t.article_id = a.id) AS "tagIds") v)`;

/** The time of a statement, RFC 3339 in UTC, in whole milliseconds. */
export const thisMoment = instantSql("date_trunc('milliseconds', statement_timestamp())");
