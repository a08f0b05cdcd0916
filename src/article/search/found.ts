import { hash } from 'node:crypto';
import type { Bind, Statement, Value } from '../../db/sql.ts';
import { changesInSql, instantSql, knowsPublicUrl } from '../read/view-sql.ts';
import { type Revision, revisionSql } from './aliases.ts';
import { type SearchFilter, seenSql } from './filter.ts';
import { itemSql, type ShownAs } from './items.ts';

/** What a statement says of the articles that it has found among candidates, whose list is its CTE `c`. */

/** A place in the order of a search. `at` is the instant of publication, or of the last change where there is none. */
export type Place = { at: string; id: string };

/** An article that was found, with its JSON if that was asked for. */
export type Found = Place & { json: string | null };

/** What is wanted of the candidates. */
export type Wanted = {
  filter: SearchFilter;
  /** How many articles. */
  wanted: number;
  /** How to show what is found, if that is told at once: an answer of its own would take longer than to find it. */
  shown: ShownAs | null;
};

/** `found`: newest first. `changesIn`: seconds until time changes what is shown. `aliases`: their revision. */
export type FoundRows = { found: Found[]; changesIn: number | null; aliases: Revision };

/** A row of a statement with `foundSql`. */
export type FoundRow = { found: Place[]; items: string | null; changes_in: number | null; aliases: Revision };

/** Between the JSON of two articles. JSON has no such character in its text. */
const separator = '\u001e';

export const placeSql = (alias: string) => `json_build_object('at', ${instantSql(`${alias}.at`)}, 'id', ${alias}.id)`;

/** The first values of the statement: `$1` is the public address where articles are shown. */
export const firstValues = ({ shown }: Wanted): Value[] => (shown === null ? [] : [shown.viewer.publicUrl]);

export const tsquery = (text: string, bind: Bind) => `(SELECT ${bind(text)}::text::tsquery)`;

/** The source of an article, looked up: a join would read all sources for each article. */
const sourceOf = 'LATERAL (SELECT * FROM @sources s WHERE s.id = a.source_id OFFSET 0) s';

/** A statement of that name for its text, so that each is prepared once. */
export const named = (text: string): Statement => ({ name: hash('sha1', text), text });

/**
 * `ctes` begins the list of common table expressions. `rows`: candidates that meet all but what articles themselves say;
 * `more`: further columns.
 */
export function foundSql(
  { filter, wanted, shown }: Wanted,
  bind: Bind,
  { ctes, rows, more }: { ctes: string; rows: string; more: readonly string[] },
): string {
  const article =
    shown === null
      ? 'SELECT 1 FROM @articles a WHERE'
      : `SELECT ${itemSql(shown, bind)} AS item FROM @articles a LEFT JOIN ${sourceOf} ON true WHERE ${knowsPublicUrl} AND`;
  const columns = [
    `(SELECT coalesce(json_agg(${placeSql('f')} ORDER BY f.at DESC, f.id DESC), '[]') FROM f) AS found`,
    shown === null
      ? 'NULL AS items, NULL AS changes_in'
      : `(SELECT string_agg(f.item, chr(${separator.charCodeAt(0)}) ORDER BY f.at DESC, f.id DESC) FROM f) AS items, (${changesInSql})::float8 AS changes_in`,
    `${revisionSql} AS aliases`,
    ...more,
  ];
  return `WITH ${ctes}, f AS (
    SELECT w.id, w.at${shown === null ? '' : ', v.item'} FROM ${rows} w CROSS JOIN LATERAL
      (${article} a.id = w.id AND ${seenSql(filter, bind)} OFFSET 0) v
    LIMIT ${bind(String(wanted))}::int
  )
  SELECT ${columns.join(',\n    ')}`;
}

export function foundIn({ found, items, changes_in: changesIn, aliases }: FoundRow): FoundRows {
  const texts = items?.split(separator) ?? [];
  return { changesIn, aliases, found: found.map((place, index) => ({ ...place, json: texts[index] ?? null })) };
}
