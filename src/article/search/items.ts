import { hash } from 'node:crypto';
import { binder } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { ArticleField } from '../fields.ts';
import { pageBytesMax } from '../read/list.ts';
import type { Viewer } from '../read/page.ts';
import { articleJsonFor, changesInSql, knowsPublicUrl } from '../read/view-sql.ts';
import { visibleTo } from '../read/visible.ts';

/** What a page of a search shows of the articles that were found. */

export type Item = { id: string; json: string };

/** `cut`: the page ends before the article that would bring it over its size. */
export type Items = { items: Item[]; cut: boolean; changesIn: number | null };

type Row = Item & { body: string; whole: number; changes_in: number | null };

const longColumns = { body: 'octet_length(a.body)', bodyHtml: 'octet_length(a.body_html)' } as const;

export type ShownAs = {
  viewer: Viewer;
  fields: readonly ArticleField[];
  /** Whether the fields are those of everybody who chooses none: then connections keep the statement prepared. */
  isUsual: boolean;
};

/** The articles with these ids, in their order, as far as the caller still sees them. There is at least one, if any. */
export async function readItems(
  read: Read,
  ids: readonly string[],
  { viewer, fields, isUsual }: ShownAs,
): Promise<Items> {
  if (ids.length === 0) return { items: [], cut: false, changesIn: null };
  const { audience, actorId, publicUrl } = viewer;
  const { bind, values } = binder([publicUrl]);
  const actor = audience === 'author' && actorId !== null ? bind(actorId) : 'NULL';
  const long = (['body', 'bodyHtml'] as const).filter((field) => fields.includes(field));
  const bytes = long.length === 0 ? '0' : long.map((field) => longColumns[field]).join(' + ');
  const text = `WITH p AS (
      SELECT a.id, i.place, sum(${bytes}) OVER (ORDER BY i.place) AS bytes, count(*) OVER ()::int AS whole
      FROM unnest(${bind(ids)}::uuid[]) WITH ORDINALITY i (id, place) JOIN @articles a ON a.id = i.id
      WHERE ${visibleTo(audience, actor)})
    SELECT a.id::text, (${articleJsonFor(audience, fields, actor)})::text AS body, p.whole, (${changesInSql})::float8 AS changes_in
    FROM p JOIN @articles a ON a.id = p.id LEFT JOIN @sources s ON s.id = a.source_id
    WHERE ${knowsPublicUrl} AND (p.bytes <= ${pageBytesMax} OR p.place = (SELECT min(place) FROM p)) ORDER BY p.place`;
  const rows = await read<Row>(isUsual ? { name: hash('sha1', text), text } : { text }, values);
  const items: Item[] = [];
  let size = 0;
  for (const { id, body } of rows) {
    size += body.length;
    if (items.length > 0 && size > pageBytesMax) break;
    items.push({ id, json: body });
  }
  const [first] = rows;
  return { items, cut: first !== undefined && items.length < first.whole, changesIn: first?.changes_in ?? null };
}
