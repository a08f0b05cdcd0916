import type { Content } from '../../article/content.ts';
import type { CleanBody } from '../../article/edited-parts.ts';
import { type RestoredName, recordOf, restoredNames } from '../../article/fields.ts';
import { type Warning, warning } from '../../article/warnings.ts';

/** What a restore makes of an article. Pure. */

type Named = { id: string; name: string };

/** What of a snapshot comes back. Addresses below the public one begin at the root. */
export type Restorable = Pick<Content, RestoredName | 'body' | 'bodyFormat' | 'cover'> & {
  source: Named | null;
  tags: Named[];
};

/** What of the relations of a snapshot is there: each by what it was, with what it is now. */
export type Remaining = {
  tags: ReadonlyMap<string, string>;
  sources: ReadonlyMap<string, string>;
  itemTaken: boolean;
};

/** What to say of a tag or source that is gone, or that another one took the place of. */
function warningsOf(noun: 'tag' | 'source', { id, name }: Named, present: ReadonlyMap<string, string>): Warning[] {
  const now = present.get(id);
  if (now === undefined) return [warning(`gone-${noun}`, name)];
  return now === id ? [] : [warning(`merged-${noun}`, name)];
}

type Relations = Pick<Content, 'sourceId' | 'sourceItemId' | 'tagIds'> & { warnings: Warning[] };

/**
 * The relations of a snapshot as they are now: what another one took the place of is that one, what is gone is left out; a
 * warning names each. An item goes with its source.
 */
export function restoredRelations({ source, sourceItemId, tags }: Restorable, remaining: Remaining): Relations {
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

/** The article with text and relations of a snapshot; state, dates, owner, corrections and story stay as they are. */
export function restoredContent(
  before: Content,
  snapshot: Restorable,
  remaining: Remaining,
  { warnings: ofBody, ...body }: CleanBody,
): { content: Content; warnings: Warning[] } {
  const { warnings, ...relations } = restoredRelations(snapshot, remaining);
  // A version of before a member came has none.
  const plain = recordOf<Pick<Content, RestoredName>>(restoredNames, (name) => snapshot[name] ?? null);
  const { cover } = snapshot;
  return { content: { ...before, ...plain, cover, ...body, ...relations }, warnings: [...warnings, ...ofBody] };
}
