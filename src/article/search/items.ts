import { hash } from 'node:crypto';
import { type Bind, binder } from '../../db/sql.ts';
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

type Row = { id: string; body: string; whole: number; changes_in: number | null };

const longColumns = { body: 'octet_length(a.body)', bodyHtml: 'octet_length(a.body_html)' } as const;

export type ShownAs = { viewer: Viewer; fields: readonly ArticleField[] };

/** The actor of a viewer as a bound value, where what is shown depends on who they are. */
const actorOf = ({ audience, actorId }: Viewer, bind: Bind) =>
  audience === 'author' && actorId !== null ? bind(actorId) : 'NULL';

/** The JSON of an article `a` with its source `s`, as text. `$1` has to be the public address. */
export const itemSql = ({ viewer, fields }: ShownAs, bind: Bind): string =>
  `(${articleJsonFor(viewer.audience, fields, actorOf(viewer, bind))})::text`;

/** The first items, as far as a page may hold them; at least one, if any. */
export function fitting(all: readonly Item[]): { items: Item[]; cut: boolean } {
  const items: Item[] = [];
  let size = 0;
  for (const item of all) {
    size += item.json.length;
    if (items.length > 0 && size > pageBytesMax) return { items, cut: true };
    items.push(item);
  }
  return { items, cut: false };
}

/**
 * The articles with these ids, in their order, as far as the caller still sees them. There is at least one, if any. With
 * `isUsual`, the fields are those of everybody who chooses none: then connections keep the statement prepared.
 */
export async function readItems(
  read: Read,
  ids: readonly string[],
  { isUsual, ...shown }: ShownAs & { isUsual: boolean },
): Promise<Items> {
  if (ids.length === 0) return { items: [], cut: false, changesIn: null };
  const { viewer, fields } = shown;
  const { bind, values } = binder([viewer.publicUrl]);
  const item = itemSql(shown, bind);
  const long = (['body', 'bodyHtml'] as const).filter((field) => fields.includes(field));
  const bytes = long.length === 0 ? '0' : long.map((field) => longColumns[field]).join(' + ');
  const text = `WITH p AS (
      SELECT a.id, i.place, sum(${bytes}) OVER (ORDER BY i.place) AS bytes, count(*) OVER ()::int AS whole
      FROM unnest(${bind(ids)}::uuid[]) WITH ORDINALITY i (id, place) JOIN @articles a ON a.id = i.id
      WHERE ${visibleTo(viewer.audience, actorOf(viewer, bind))})
    SELECT a.id::text, ${item} AS body, p.whole, (${changesInSql})::float8 AS changes_in
    FROM p JOIN @articles a ON a.id = p.id LEFT JOIN @sources s ON s.id = a.source_id
    WHERE ${knowsPublicUrl} AND (p.bytes <= ${pageBytesMax} OR p.place = (SELECT min(place) FROM p)) ORDER BY p.place`;
  const rows = await read<Row>(isUsual ? { name: hash('sha1', text), text } : { text }, values);
  const { items } = fitting(rows.map(({ id, body }) => ({ id, json: body })));
  const [first] = rows;
  return { items, cut: first !== undefined && items.length < first.whole, changesIn: first?.changes_in ?? null };
}
