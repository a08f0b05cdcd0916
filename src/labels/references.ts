import { history, type LabelTable, namedLabelsSql } from '../article/read/label-names.ts';
import { bodyFault, unprocessable } from '../core/errors.ts';
import { keyOfLabel, keyWithoutSlug, type LabelRef, splitLabelRefs, unknownLabel } from '../core/label-ref.ts';
import { labelTurns } from '../core/turn-keys.ts';
import type { Read, Tx } from '../db/tx.ts';

/**
 * What tags and sources are called: the current id, slug and name, former slugs, and the id and slugs of labels that were
 * merged into it; also former names that no slug stands for. What one is called now wins over what another was, and an old
 * slug or name may be taken by another label. Every reference, filter and look-up goes by this.
 */

export type NamedLabel = { id: string; slug: string; version: number; name: string };

const namedSql = (table: LabelTable) =>
  `${namedLabelsSql(table, '$1', '$2', 'x.slug, x.name, x.version')} ORDER BY x.id`;

async function findOnce(
  read: Read,
  table: LabelTable,
  refs: readonly LabelRef[],
  lock: '' | 'FOR KEY SHARE OF x',
): Promise<Map<string, NamedLabel>> {
  const { ids, called } = splitLabelRefs(refs);
  const statement = { name: `${lock === '' ? 'named' : 'held'}-${table}`, text: `${namedSql(table)} ${lock}` };
  const rows = await read<NamedLabel & { asked: string }>(statement, [ids, called]);
  return new Map(rows.map(({ asked, ...label }) => [asked, label]));
}

/**
 * The labels that references stand for, by `keyOfLabel` of each. There is no entry for a label that never existed, or is gone
 * without a successor.
 */
export const findNamed = (read: Read, table: LabelTable, refs: readonly LabelRef[]): Promise<Map<string, NamedLabel>> =>
  findOnce(read, table, refs, '');

/** The same, with locks that keep the labels from being removed until the transaction ends. */
export async function holdNamed(
  tx: Tx,
  table: LabelTable,
  refs: readonly LabelRef[],
): Promise<Map<string, NamedLabel>> {
  if (refs.length === 0) return new Map();
  tx.pass(...labelTurns(table, ...refs));
  const found = await findOnce(tx.read, table, refs, 'FOR KEY SHARE OF x');
  if (refs.every((ref) => found.has(keyOfLabel(ref)))) return found;
  // A label was merged while this waited for its row. Looking again finds its successor.
  return findOnce(tx.read, table, refs, 'FOR KEY SHARE OF x');
}

const nouns = { sources: 'source', tags: 'tag' } as const;

/**
 * The ids of the labels that the member of a body with this name names, in their order and each once. Throws 422 naming
 * those that were not found.
 */
export function idsNamed(
  member: LabelTable,
  refs: readonly LabelRef[],
  found: ReadonlyMap<string, { readonly id: string }>,
): string[] {
  const noun = nouns[member];
  const errors = refs.flatMap((ref, index) =>
    found.has(keyOfLabel(ref)) ? [] : [bodyFault(`/${member}/${index}`, unknownLabel(noun, ref))],
  );
  if (errors.length > 0) throw unprocessable(`unknown-${noun}`, `A ${noun} that is named does not exist.`, errors);
  return [...new Set(refs.flatMap((ref) => found.get(keyOfLabel(ref))?.id ?? []))];
}

type Names = { table: LabelTable; id: string };

/** Makes these names lead to the label from now on. */
export async function keepNames(tx: Tx, { table, id }: Names, was: readonly string[]): Promise<void> {
  const { kind, column } = history[table];
  const text = `INSERT INTO @label_history (kind, was, ${column}) SELECT '${kind}', w, $2::uuid FROM unnest($1::text[]) w
    ON CONFLICT (kind, was) DO UPDATE SET ${column} = EXCLUDED.${column}, at = EXCLUDED.at RETURNING was`;
  await tx.read({ text }, [was, id]);
}

/** What a label is called: its slug, and its name. */
export type Called = { readonly slug: string; readonly name: string };

/** What of a former label, or of a former slug and name of one, is to lead on. */
export const keptNames = ({ slug, name }: Called): string[] => [
  slug,
  ...[keyWithoutSlug(name)].filter((key) => key !== null),
];

/**
 * What a label is called now is no longer an old name of another. Returns the ids of the other labels to which its slug or
 * its name led.
 */
export async function takeNames(tx: Tx, { table, id }: Names, called: Called): Promise<string[]> {
  const { kind, column } = history[table];
  const text = `WITH gone AS (DELETE FROM @label_history WHERE kind = '${kind}' AND was = ANY($1::text[]) RETURNING ${column} AS id)
    SELECT DISTINCT g.id::text FROM gone g WHERE g.id <> $2::uuid`;
  const rows = await tx.read<{ id: string }>({ text }, [keptNames(called), id]);
  return rows.map((row) => row.id);
}

/** Makes everything that a label was and is called, and its id, lead directly to its successor. */
export async function leaveNames(
  tx: Tx,
  table: LabelTable,
  from: Called & { id: string },
  successorId: string,
): Promise<void> {
  const { column } = history[table];
  const text = `UPDATE @label_history SET ${column} = $2::uuid WHERE ${column} = $1::uuid RETURNING was`;
  await tx.read({ text }, [from.id, successorId]);
  await keepNames(tx, { table, id: successorId }, [from.id, ...keptNames(from)]);
}
