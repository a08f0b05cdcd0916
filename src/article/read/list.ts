import { hash } from 'node:crypto';
import { binder, type Statement, type Value } from '../../db/sql.ts';
import { branches, isPreparable, labelsSql, lookedUpFor } from './list-branches.ts';
import { boundsSql } from './list-filters.ts';
import type { ArticleListing, ArticleOrder } from './listing.ts';
import { instantSql, knowsPublicUrl, listDueInSql, listEndsInSql } from './view-sql.ts';

export type ArticleRows = {
  data: string;
  more: boolean;
  last_key: string | null;
  last_id: string | null;
  /** Seconds until an article comes due, and until one expires, if that is soon. */
  due_in: number | null;
  ends_in: number | null;
  /**
   * The ids of the tags or sources of a prepared list, whose text contains only their names; null for a name that does not
   * exist.
   */
  labels: (string | null)[];
};

const keyTypes: Record<ArticleOrder, string> = { publishedAt: 'timestamptz', title: 'text', updatedAt: 'timestamptz' };

/** The page ends before the item that would bring it over this size. It has at least one item. */
export const pageBytesMax = 4_000_000;

const fitsSql = (bytes: string) => `(p.pos = 1 OR ${bytes} <= ${pageBytesMax})`;

/** The rows of a page up to where the bodies alone exceed the size. PostgreSQL knows their length without reading them. */
function weighedSql(found: string, size: string, long: readonly string[]): string {
  if (long.length === 0) return found;
  const bytes = long.map((column) => `octet_length(x.${column})`).join(' + ');
  return `(SELECT p.k, p.id, p.pos, p.n FROM (SELECT f.*, sum(${bytes}) OVER (ORDER BY f.pos) AS bytes
    FROM ${found} f JOIN @articles x ON x.id = f.id WHERE f.pos <= ${size}) p WHERE ${fitsSql('p.bytes')})`;
}

/** Whether a page may well be too large. Only then is each item weighed, which makes the query a quarter slower. */
export const isHeavy = ({ long }: ArticleListing): boolean => long !== undefined && long.length > 0;

/**
 * The statement of one page: its items as one JSON array, and the keys of its last row if more rows follow. `weighed`: the
 * page ends before it has too many bytes.
 */
export function articleListSql(listing: ArticleListing, weighed: boolean): { statement: Statement; values: Value[] } {
  const { bind, values } = binder([listing.publicUrl]);
  const actorId = listing.audience === 'author' && listing.actorId !== null ? bind(listing.actorId) : 'NULL';
  const direction = listing.descending ? 'DESC' : 'ASC';
  const type = keyTypes[listing.order];
  const [afterKey, afterId] = listing.after ?? [];
  const after =
    afterKey !== undefined && afterId !== undefined ? `(${bind(afterKey)}::${type}, ${bind(afterId)}::uuid)` : null;
  const size = `${bind(String(listing.limit))}::int`;
  const rowsMax = (lookedUpFor(listing.limit) ?? listing.limit) + 1;
  const parts = branches(listing, actorId, bind).map(({ from, key, id, where: filtered }) => {
    const where = [...filtered, ...boundsSql(listing, key, bind)];
    const all = after ? [...where, `(${key}, ${id}) ${listing.descending ? '<' : '>'} ${after}`] : where;
    return `(SELECT ${key} AS k, ${id} AS id FROM ${from} WHERE ${all.join(' AND ')} ORDER BY ${key} ${direction}, ${id} ${direction} LIMIT ${rowsMax})`;
  });
  const rows =
    parts.length === 1
      ? `${parts[0]}`
      : `(SELECT DISTINCT ON (k, id) k, id FROM (${parts.join(' UNION ALL ')}) u ORDER BY k ${direction}, id ${direction} LIMIT ${rowsMax})`;
  const shown = type === 'text' ? 'p.k' : `CASE WHEN isfinite(p.k) THEN ${instantSql('p.k')} ELSE p.k::text END`;
  const found = `(SELECT k, id, row_number() OVER () AS pos, count(*) OVER () AS n FROM ${rows} q)`;
  const item = `(${listing.item(actorId, bind)})::text`;
  const joined = (
    page: string,
  ) => `FROM ${page} p JOIN @articles a ON a.id = p.id LEFT JOIN @sources s ON s.id = a.source_id
  WHERE p.pos <= ${size} AND ${knowsPublicUrl}`;
  const labels = isPreparable(listing) ? labelsSql(listing, bind) : `'{}'::text[]`;
  const text = weighed ? heavyText() : lightText();
  const named = isPreparable(listing) ? { name: hash('sha1', text), text } : { text };
  return { statement: named, values };

  function lightText(): string {
    return `SELECT '[' || coalesce(string_agg(${item}, ',' ORDER BY p.pos), '') || ']' AS data,
  coalesce(bool_or(p.n > ${size}), false) AS more,
  ${listDueInSql}::float8 AS due_in, ${listEndsInSql}::float8 AS ends_in, ${labels} AS labels,
  max(${shown}) FILTER (WHERE p.pos = ${size}) AS last_key, max(p.id::text) FILTER (WHERE p.pos = ${size}) AS last_id
  ${joined(found)}`;
  }

  function heavyText(): string {
    const items = `SELECT p.k, p.id, p.pos, p.n, ${item} AS item ${joined(weighedSql(found, size, listing.long ?? []))}`;
    return `SELECT '[' || coalesce(string_agg(p.item, ',' ORDER BY p.pos), '') || ']' AS data,
  coalesce(max(p.n) > count(*), false) AS more,
  ${listDueInSql}::float8 AS due_in, ${listEndsInSql}::float8 AS ends_in, ${labels} AS labels,
  (array_agg(${shown} ORDER BY p.pos DESC))[1] AS last_key, (array_agg(p.id::text ORDER BY p.pos DESC))[1] AS last_id
FROM (SELECT i.*, sum(octet_length(i.item)) OVER (ORDER BY i.pos) AS bytes FROM (${items}) i) p
WHERE ${fitsSql('p.bytes')}`;
  }
}
