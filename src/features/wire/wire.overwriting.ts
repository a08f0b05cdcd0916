import type { ArticleChanges } from '../../article/change/article-changes.ts';
import type { FieldChange } from '../../article/differences.ts';
import type { ItemPlace } from '../../article/source-items.ts';
import { type Warning, warning } from '../../article/warnings.ts';
import type { Tx } from '../../db/tx.ts';
import * as repository from './wire.repository.ts';

/** Which edits of a person a wire's new version overwrites. */

type Version = { id: string; version: number };

/** What was found with the item: which fields others had changed, unless that has to be asked for. */
type FoundEdits = Pick<repository.FoundItem, 'remembered' | 'touched' | 'coming'>;

const idsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'id' in one ? [String(one.id)] : []))
    : [];

/** Whether the tags changed. A tag that was replaced by its successor does not count as changed. */
async function areOtherTags(tx: Tx, { before, after }: FieldChange): Promise<boolean> {
  const ids = idsOf(before);
  const successors = await repository.findSuccessors(tx, ids);
  const now = new Set(ids.map((id) => successors.get(id) ?? id));
  return [...now].join() !== idsOf(after).join();
}

/**
 * Those of the fields whose values differ from those that the wire wrote last; none if that revision is not known. The
 * version that is being taken is remembered too.
 */
export async function deskEdits(
  tx: Tx,
  changes: ArticleChanges,
  article: Version,
  { place, found }: { place: ItemPlace; found: FoundEdits },
): Promise<string[]> {
  const touched =
    (found.remembered ? found.touched : null) ?? (await repository.findTouched(tx, article.id, place, found.coming));
  const edits: string[] = [];
  for (const since of new Set(touched.map(({ base }) => base))) {
    const differing: string[] = [];
    for (const change of (await changes.since(tx, article, since)) ?? [])
      if (change.field !== 'tags' || (await areOtherTags(tx, change))) differing.push(change.field);
    edits.push(...touched.flatMap(({ field, base }) => (base === since && differing.includes(field) ? [field] : [])));
  }
  return edits;
}

/** A warning for each field that the desk had edited (`edits`) and that the new version has changed again. */
export async function overwritten(
  tx: Tx,
  changes: ArticleChanges,
  { before, after, edits, sent }: { before: number; after: Version; edits: string[]; sent: readonly string[] },
): Promise<Warning[]> {
  if (edits.length === 0 || after.version === before) return [];
  const changed = ((await changes.since(tx, after, before)) ?? []).map(({ field }) => field);
  return sent
    .filter((field) => edits.includes(field) && changed.includes(field))
    .map((field) => warning('overwrote-desk-edit', field));
}
