import { history, type LabelTable, namedLabelsSql } from '../article/read/label-names.ts';
import { bodyFault, unprocessable } from '../core/errors.ts';
import { keyOf, type Ref, splitRefs } from '../core/ref.ts';
import { labelTurns } from '../core/turn-keys.ts';
import type { Read, Tx } from '../db/tx.ts';

/**
 * The names of tags and sources: the current id and slug, former slugs, and the id and slugs of labels that were merged
 * into it. A current name wins over an old one, and an old slug may be taken by another label. Every reference, filter and
 * look-up uses these names.
 */

export type NamedLabel = { id: string; slug: string; version: number };

const namedSql = (table: LabelTable) => `${namedLabelsSql(table, '$1', '$2', 'x.slug, x.version')} ORDER BY x.id`;

async function findOnce(
  read: Read,
  table: LabelTable,
  refs: readonly Ref[],
  lock: '' | 'FOR KEY SHARE OF x',
): Promise<Map<string, NamedLabel>> {
  const { ids, slugs } = splitRefs(refs);
  const statement = { name: `${lock === '' ? 'named' : 'held'}-${table}`, text: `${namedSql(table)} ${lock}` };
  const rows = await read<NamedLabel & { name: string }>(statement, [ids, slugs]);
  return new Map(rows.map(({ name, ...label }) => [name, label]));
}

/**
 * The labels that references stand for, by `keyOf` of each. There is no entry for a label that never existed, or is gone
 * without a successor.
 */
export const findNamed = (read: Read, table: LabelTable, refs: readonly Ref[]): Promise<Map<string, NamedLabel>> =>
  findOnce(read, table, refs, '');

/** The same, with locks that keep the labels from being removed until the transaction ends. */
export async function holdNamed(tx: Tx, table: LabelTable, refs: readonly Ref[]): Promise<Map<string, NamedLabel>> {
  if (refs.length === 0) return new Map();
  tx.pass(...labelTurns(table, ...refs));
  const found = await findOnce(tx.read, table, refs, 'FOR KEY SHARE OF x');
  if (refs.every((ref) => found.has(keyOf(ref)))) return found;
  // A label was merged while this waited for its row. Looking again finds its successor.
  return findOnce(tx.read, table, refs, 'FOR KEY SHARE OF x');
}

const unknownCodes = { sources: 'unknown-source', tags: 'unknown-tag' } as const;

/**
 * The ids of the labels that the member of a body with this name names, in their order and each once. Throws 422 naming
 * those that were not found.
 */
export function idsNamed(
  member: LabelTable,
  refs: readonly Ref[],
  found: ReadonlyMap<string, { readonly id: string }>,
): string[] {
  const missing = refs.flatMap((ref, index) => (found.has(keyOf(ref)) ? [] : [index]));
  if (missing.length > 0) {
    const errors = missing.map((index) => bodyFault(`/${member}/${index}`, 'There is no such thing; make it first.'));
    throw unprocessable(unknownCodes[member], `One of the ${member} that are named does not exist.`, errors);
  }
  return [...new Set(refs.flatMap((ref) => found.get(keyOf(ref))?.id ?? []))];
}

type Names = { table: LabelTable; id: string };

/** Makes these names lead to the label from now on. */
export async function keepNames(tx: Tx, { table, id }: Names, was: readonly string[]): Promise<void> {
  const { kind, column } = history[table];
  const text = `INSERT INTO @label_history (kind, was, ${column}) SELECT '${kind}', w, $2::uuid FROM unnest($1::text[]) w
    ON CONFLICT (kind, was) DO UPDATE SET ${column} = EXCLUDED.${column}, at = EXCLUDED.at RETURNING was`;
  await tx.read({ text }, [was, id]);
}

/** A slug that a label has now is no longer an old name of another. Returns the id of the other label to which it led. */
export async function takeSlug(tx: Tx, { table, id }: Names, slug: string): Promise<string | null> {
  const { kind, column } = history[table];
  const text = `DELETE FROM @label_history WHERE kind = '${kind}' AND was = $1::text RETURNING ${column}::text AS led_to`;
  const [row] = await tx.read<{ led_to: string }>({ text }, [slug]);
  return row === undefined || row.led_to === id ? null : row.led_to;
}

/** Makes the id, the slug and all old names of a label lead directly to its successor. */
export async function leaveNames(tx: Tx, table: LabelTable, from: NamedLabel, successorId: string): Promise<void> {
  const { column } = history[table];
  const text = `UPDATE @label_history SET ${column} = $2::uuid WHERE ${column} = $1::uuid RETURNING was`;
  await tx.read({ text }, [from.id, successorId]);
  await keepNames(tx, { table, id: successorId }, [from.id, from.slug]);
}
