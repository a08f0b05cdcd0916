import { patchedSlug } from '../articles/articles.change.ts';
import type { WorkingDrafts } from '../articles/articles.writing.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import type { DraftContent } from './drafts.content.ts';
import { draftBehind, isBehind } from './drafts.differences.ts';
import { sidesOf } from './drafts.presenter.ts';
import * as repository from './drafts.repository.ts';

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

/** Applies working drafts when their articles are published. */
export const draftPublishing = ({ publicUrl }: { publicUrl: string }): WorkingDrafts => ({
  async take(tx, live, number) {
    const kept = await repository.lockDraft(tx, live.id);
    const row = kept && (await repository.findDraft(tx.read, { id: live.id }, publicUrl));
    if (kept === null || row === null) return null;
    const sides = sidesOf(row);
    if (isBehind(sides)) throw draftBehind(sides);
    await repository.removeDraft(tx, live.id);
    const { content, warnings } = withoutGone(kept.content, JSON.parse(row.draft));
    if (!content.slugDerived) return { content, warnings, derivedBase: null };
    // A derived slug is free only now, or gets a number.
    const { derivedBase, ...slugs } = patchedSlug(live, { title: content.title }, number);
    return { content: { ...content, ...slugs }, warnings, derivedBase };
  },
});
