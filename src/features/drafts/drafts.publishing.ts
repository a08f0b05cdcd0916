import type { Tx } from '../../db/client.ts';
import { patchedSlug } from '../articles/articles.change.ts';
import { placeOf, type Stored } from '../articles/articles.state.ts';
import type { WorkingDrafts } from '../articles/articles.writing.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import type { DraftContent } from './drafts.content.ts';
import { draftBehind, isBehind } from './drafts.differences.ts';
import { sidesOf } from './drafts.presenter.ts';
import * as repository from './drafts.repository.ts';
import { draftGone, lastChange, namedIn, staleDraft } from './drafts.versions.ts';

/** The draft without a source and tags that were removed meanwhile: each is named in a warning, nothing else is lost. */
function withoutGone(
  content: DraftContent,
  { source, tags }: { source: { id: string } | null; tags: { id: string }[] },
): { content: DraftContent; warnings: BodyWarning[] } {
  const there = new Set(tags.map(({ id }) => id));
  const lost = content.tagIds.filter((id) => !there.has(id));
  const lostSource = content.sourceId !== null && source === null ? [content.sourceId] : [];
  return {
    content: {
      ...content,
      tagIds: content.tagIds.filter((id) => there.has(id)),
      // The id of an item says nothing without its source.
      ...(lostSource.length > 0 ? { sourceId: null, sourceItemId: null } : {}),
    },
    warnings: [
      ...lostSource.map((detail) => ({ code: 'removed-source', detail, count: 1 })),
      ...lost.map((detail) => ({ code: 'removed-tag', detail, count: 1 })),
    ],
  };
}

/** What to say to who did not name the draft that was published with the article. */
const applied = (row: repository.DraftRow): BodyWarning => ({
  code: 'applied-draft',
  detail: `version ${row.version}, ${lastChange(row)}`,
  count: 1,
});

/** The draft that is to be published, its row locked. Throws 412 where it is not the version that was asked for. */
async function findAsked(tx: Tx, live: Stored, draftVersion: number | undefined, publicUrl: string) {
  const kept = await repository.lockDraft(tx, live.id);
  const row = kept && (await repository.findDraft(tx.read, { id: live.id }, publicUrl));
  if (kept !== null && row !== null) {
    if (draftVersion !== undefined && draftVersion !== row.version)
      throw namedIn('/draftVersion', staleDraft(row, placeOf(live)));
    return { kept, row };
  }
  if (draftVersion !== undefined) throw namedIn('/draftVersion', draftGone('publish it with `draftVersion` 0.'));
  return null;
}

/** Applies working drafts when their articles are published. */
export const draftPublishing = ({ publicUrl }: { publicUrl: string }): WorkingDrafts => ({
  async take(tx, live, { number, draftVersion }) {
    if (draftVersion === 0) return null;
    const found = await findAsked(tx, live, draftVersion, publicUrl);
    if (found === null) return null;
    const { kept, row } = found;
    const sides = sidesOf(row);
    if (isBehind(sides)) throw draftBehind(sides);
    await repository.removeDraft(tx, live.id);
    const { content, warnings: lost } = withoutGone(kept.content, JSON.parse(row.draft));
    const warnings = [...(draftVersion === undefined ? [applied(row)] : []), ...lost];
    if (!content.slugDerived) return { content, warnings, derivedBase: null };
    // A derived slug is free only now, or gets a number.
    const { derivedBase, ...slugs } = patchedSlug(live, { title: content.title }, number);
    return { content: { ...content, ...slugs }, warnings, derivedBase };
  },
});
