import { placeOf, type Stored } from '../../article/content.ts';
import type { DraftContent } from '../../article/draft.ts';
import { patchedSlug } from '../../article/edited-parts.ts';
import { type Warning, warning } from '../../article/warnings.ts';
import type { Tx } from '../../db/tx.ts';
import type { WorkingDrafts } from '../articles/articles.writing.ts';
import { draftBehind, goneOf, isBehind, sidesOf } from './drafts.differences.ts';
import { discardDraft } from './drafts.events.ts';
import * as repository from './drafts.repository.ts';
import { draftGone, lastChange, namedIn, staleDraft } from './drafts.versions.ts';

/** The draft without a source and tags that no longer exist, as it is shown. Everything else stays. */
function withoutGone(content: DraftContent, row: repository.DraftRow): DraftContent {
  const shown: { source: { id: string } | null; sourceItemId: string | null; tags: { id: string }[] } = JSON.parse(
    row.draft,
  );
  const { source, sourceItemId, tags } = shown;
  return { ...content, sourceId: source?.id ?? null, sourceItemId, tagIds: tags.map(({ id }) => id) };
}

/** A warning for a caller who did not say which draft to publish. */
const applied = (row: repository.DraftRow): Warning =>
  warning('applied-draft', `version ${row.version}, ${lastChange(row)}`);

/** The draft to publish, with its row locked. Throws 412 if it does not have the version asked for. */
async function findAsked(tx: Tx, live: Stored, draftVersion: number | undefined, publicUrl: string) {
  const locked = await repository.lockDraft(tx, live.id, publicUrl);
  if (locked !== null) {
    if (draftVersion !== undefined && draftVersion !== locked.row.version)
      throw namedIn('/draftVersion', staleDraft(locked.row, placeOf(live)));
    return locked;
  }
  if (draftVersion !== undefined) throw namedIn('/draftVersion', draftGone('publish it with `draftVersion` 0.'));
  return null;
}

/** Applies working drafts when their articles are published. */
export const draftPublishing = ({ publicUrl }: { publicUrl: string }): WorkingDrafts => ({
  async take(tx, live, { number, draftVersion, of }) {
    if (draftVersion === 0) return null;
    const found = await findAsked(tx, live, draftVersion, publicUrl);
    if (found === null) return null;
    const { kept, row } = found;
    const ofDraft = { dropsDraft: true, recordAlone: () => discardDraft(tx, live, found, of, { published: true }) };
    const sides = sidesOf(row);
    if (isBehind(sides)) throw draftBehind(sides);
    const content = withoutGone(kept.content, row);
    const warnings = [...(draftVersion === undefined ? [applied(row)] : []), ...goneOf(row)];
    if (!content.slugDerived) return { content, warnings, derivedBase: null, ...ofDraft };
    // A derived slug is chosen only now, with a number if it is taken.
    const { derivedBase, ...slugs } = patchedSlug(live, { title: content.title }, number);
    return { content: { ...content, ...slugs }, warnings, derivedBase, ...ofDraft };
  },
});
