import type { Content } from '../../article/content.ts';
import type { CleanBody } from '../../article/edited-parts.ts';
import { type RestoredName, restoredNames } from '../../article/field-lists.ts';
import { recordOf } from '../../article/fields.ts';
import { type Warning, warning } from '../../article/warnings.ts';

/** What restoring a revision makes of an article. Pure. */

type Named = { id: string; name: string };

/** The part of a snapshot that is restored. Addresses below the public URL are root-relative. */
export type Restorable = Pick<Content, RestoredName | 'body' | 'bodyFormat' | 'cover'> & {
  source: Named | null;
  tags: Named[];
};

/** Which relations of a snapshot still exist: from each old id to the id of today. */
export type Remaining = {
  tags: ReadonlyMap<string, string>;
  sources: ReadonlyMap<string, string>;
  itemTaken: boolean;
};

/** Warns about a tag or source that no longer exists or was replaced by another. */
function warningsOf(noun: 'tag' | 'source', { id, name }: Named, present: ReadonlyMap<string, string>): Warning[] {
  const now = present.get(id);
  if (now === undefined) return [warning(`gone-${noun}`, name)];
  return now === id ? [] : [warning(`merged-${noun}`, name)];
}

type Relations = Pick<Content, 'sourceId' | 'sourceItemId' | 'tagIds'> & { warnings: Warning[] };

/**
 * The relations of a snapshot as they are now. A merged label is replaced by its successor, and one that no longer exists
 * is left out; a warning names each. Without the source, the item is left out too.
 */
function restoredRelations({ source, sourceItemId, tags }: Restorable, remaining: Remaining): Relations {
  const sourceId = source === null ? null : (remaining.sources.get(source.id) ?? null);
  const item = sourceId === null ? null : sourceItemId;
  return {
    tagIds: [...new Set(tags.flatMap(({ id }) => remaining.tags.get(id) ?? []))],
    sourceId,
    sourceItemId: remaining.itemTaken ? null : item,
    warnings: [
      ...tags.flatMap((tag) => warningsOf('tag', tag, remaining.tags)),
      ...(source === null ? [] : warningsOf('source', source, remaining.sources)),
      ...(item !== null && remaining.itemTaken ? [warning('taken-source-item', item)] : []),
    ],
  };
}

/** The article with the text and relations of a snapshot. State, dates, owner, corrections and story stay as they are. */
export function restoredContent(
  before: Content,
  snapshot: Restorable,
  remaining: Remaining,
  { warnings: ofBody, ...body }: CleanBody,
): { content: Content; warnings: Warning[] } {
  const { warnings, ...relations } = restoredRelations(snapshot, remaining);
  // A revision that is older than a member has null for it.
  const plain = recordOf<Pick<Content, RestoredName>>(restoredNames, (name) => snapshot[name] ?? null);
  const { cover } = snapshot;
  return { content: { ...before, ...plain, cover, ...body, ...relations }, warnings: [...warnings, ...ofBody] };
}
