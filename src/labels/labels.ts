import { isLabelSql, presentLabelIdSql } from '../article/read/label-names.ts';
import { keyOfLabel, kindOfLabelRef, type LabelRef } from '../core/label-ref.ts';
import type { Cursors } from '../core/page.ts';
import { readJson } from '../db/json-rows.ts';
import { type Bind, binder, type Statement, type Value } from '../db/sql.ts';
import type { Read, Tx } from '../db/tx.ts';
import { findNamed } from './references.ts';

/** Tags and sources are stored, listed and named in the same way: both are labels that articles carry. */

/** The members of a label that callers set, all text. */
export type LabelContent = { slug: string; name: string } & { [member: string]: string | null };

/** The facts in which one kind of label differs from another. */
export type LabelKind<Content extends LabelContent> = {
  readonly table: 'tags' | 'sources';
  readonly noun: 'tag' | 'source';
  /** The field of an article that names it. */
  readonly articleField: 'tags' | 'source';
  /** The column of each member, in the order in which they are shown. */
  readonly columns: Readonly<Record<keyof Content & string, string>>;
  /** The columns that hold addresses. Root-relative ones are shown below `publicUrl`. */
  readonly urlColumns: readonly string[];
  readonly publicUrl: string;
  /** SQL for the ids of the articles that carry the label `$1`, including drafts and the trash. */
  readonly articlesSql: string;
  /** The name of the step in the revisions of articles that are moved to another label. */
  readonly step: string;
  /** Replaces `from` by `to` in these articles, and increments their versions. */
  move(tx: Tx, move: { from: string; to: string; articleIds: readonly string[]; actorId: string }): Promise<void>;
  /** Moves what labels of this kind have in addition to articles. */
  moveRest?(tx: Tx, from: string, to: string): Promise<void>;
};

export type AnyLabelKind = LabelKind<LabelContent>;

/** A label as JSON that Postgres made. */
export type LabelView = { id: string; json: string; version: number };
export type LabelItems = { data: string; nextCursor: string | null };

/** SQL for the JSON of one label `x`. */
export function viewSql({ columns, urlColumns, publicUrl }: AnyLabelKind, bind: Bind): string {
  const address = urlColumns.length > 0 ? `${bind(publicUrl)}::text` : '';
  const shown = Object.entries(columns).map(([member, column]) => {
    const value = urlColumns.includes(column)
      ? `CASE WHEN x.${column} LIKE '/%' THEN ${address} || x.${column} ELSE x.${column} END`
      : `x.${column}`;
    return `${value} AS "${member}"`;
  });
  return `(SELECT row_to_json(v)::text FROM (SELECT x.id AS "id", ${shown.join(', ')}, x.version AS "version") v)`;
}

/**
 * An SQL condition for the label `x` that has the id `$1`, or is called `$1`, now. It holds only for a row that is called so
 * still when its lock is taken.
 */
export const isPresentLabelSql = (table: AnyLabelKind['table'], ref: LabelRef): string => {
  const by = kindOfLabelRef(ref);
  const condition = isLabelSql(by, '$1');
  return by === 'id' ? condition : `x.id = ${presentLabelIdSql(table, by, '$1')} AND ${condition}`;
};

/** One label by its id, or by what it is called now. */
export async function findLabel(read: Read, kind: AnyLabelKind, ref: LabelRef): Promise<LabelView | null> {
  const { bind, values } = binder([keyOfLabel(ref)]);
  const text = `SELECT x.id::text, ${viewSql(kind, bind)} AS body, x.version FROM @${kind.table} x WHERE ${isPresentLabelSql(kind.table, ref)}`;
  const rows = await readJson<LabelView>(read, { name: `${kind.table}-by-${kindOfLabelRef(ref)}`, text }, values);
  return rows[0] ?? null;
}

/** A label; or, if it was asked for by an old name, its id and the slug that it has now. */
export type FoundLabel = LabelView | { id: string; movedTo: string };

export async function findLabelByName(read: Read, kind: AnyLabelKind, ref: LabelRef): Promise<FoundLabel | null> {
  const label = await findLabel(read, kind, ref);
  if (label !== null) return label;
  const successor = (await findNamed(read, kind.table, [ref])).get(keyOfLabel(ref));
  return successor === undefined ? null : { id: successor.id, movedTo: successor.slug };
}

type ListRow = { data: string; more: boolean; last_slug: string | null; last_id: string | null };

function listSql(
  kind: AnyLabelKind,
  after: readonly string[] | null,
  limit: number,
): { statement: Statement; values: Value[] } {
  const { bind, values } = binder([String(limit)]);
  const [slug, id] = after ?? [];
  const place =
    slug !== undefined && id !== undefined
      ? `WHERE (x.slug COLLATE "C", x.id) > (${bind(slug)}::text, ${bind(id)}::uuid)`
      : '';
  const text = `SELECT '[' || coalesce(string_agg(p.item, ',' ORDER BY p.pos) FILTER (WHERE p.pos <= $1::int), '') || ']' AS data,
  count(*) > $1::int AS more, max(p.slug) FILTER (WHERE p.pos = $1::int) AS last_slug, max(p.id::text) FILTER (WHERE p.pos = $1::int) AS last_id
FROM (SELECT x.id, x.slug, ${viewSql(kind, bind)} AS item, row_number() OVER (ORDER BY x.slug COLLATE "C", x.id) AS pos
  FROM @${kind.table} x ${place} ORDER BY x.slug COLLATE "C", x.id LIMIT $1::int + 1) p`;
  return { statement: { name: `${kind.table}-list${place === '' ? '' : '-after'}`, text }, values };
}

/** A page in the order of slugs. The table's name identifies the list in its cursors. */
export async function listLabels(
  read: Read,
  kind: AnyLabelKind,
  cursors: Cursors,
  page: { limit: number; after?: string | undefined },
): Promise<LabelItems> {
  const after = page.after === undefined ? null : cursors.open(kind.table, page.after);
  const { statement, values } = listSql(kind, after, page.limit);
  const [row] = await read<ListRow>(statement, values);
  const more = row?.more === true && row.last_slug !== null && row.last_id !== null;
  return {
    data: row?.data ?? '[]',
    nextCursor: more ? cursors.seal(kind.table, [String(row.last_slug), String(row.last_id)]) : null,
  };
}

/** Those of the given slugs that are taken. */
export async function findTakenLabelSlugs(read: Read, kind: AnyLabelKind, slugs: readonly string[]): Promise<string[]> {
  const rows = await read<{ slug: string }>({ text: `SELECT slug FROM @${kind.table} WHERE slug = ANY($1::text[])` }, [
    slugs,
  ]);
  return rows.map(({ slug }) => slug);
}

/** The id of the label whose name, in any spelling, has this identity key. */
export async function findIdByIdentity(read: Read, kind: AnyLabelKind, key: string): Promise<string | null> {
  const rows = await read<{ id: string }>(
    { text: `SELECT id::text FROM @${kind.table} WHERE identity_key = $1::text` },
    [key],
  );
  return rows[0]?.id ?? null;
}
