import { readJson } from '../db/json-rows.ts';
import { binder } from '../db/sql.ts';
import type { Read } from '../db/tx.ts';
import { type AnyLabelKind, viewSql } from './labels.ts';

/** A label as it is now, as JSON that Postgres made. */
export type LabelNow = { id: string; slug: string; version: number; json: string };

/** What a follower of changes reads about the labels of one kind. */
export type LabelFeed = {
  /** Those of these labels that exist. */
  byIds(ids: readonly string[]): Promise<LabelNow[]>;
  /** The next labels in the order of ids; null starts at the first. */
  after(id: string | null, limit: number): Promise<LabelNow[]>;
};

export function labelFeed(read: Read, kind: AnyLabelKind): LabelFeed {
  const find = (name: string, where: string, first: readonly (string | readonly string[])[]) => {
    const { bind, values } = binder(first);
    const view = viewSql(kind, bind);
    const text = `SELECT x.id::text, x.slug, x.version, ${view} AS body FROM @${kind.table} x WHERE ${where}`;
    return readJson<LabelNow>(read, { name: `${kind.table}-feed-${name}`, text }, values);
  };
  return {
    byIds: (ids) => find('ids', 'x.id = ANY($1::uuid[])', [ids]),
    after: (id, limit) =>
      id === null
        ? find('first', 'TRUE ORDER BY x.id LIMIT $1::int', [String(limit)])
        : find('after', 'x.id > $2::uuid ORDER BY x.id LIMIT $1::int', [String(limit), id]),
  };
}
