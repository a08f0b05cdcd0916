import type { ArticleChanges } from '../../article/change/article-changes.ts';
import { checkContent } from '../../article/checks.ts';
import { contentOf, placeOf, type Stored } from '../../article/content.ts';
import { patchedSlug } from '../../article/edited-parts.ts';
import { contentAfter } from '../../article/edits.ts';
import { checkStep } from '../../article/lifecycle.ts';
import type { Warning } from '../../article/warnings.ts';
import { Failure } from '../../core/errors.ts';
import { slugify } from '../../core/slug.ts';
import { DerivedSlugTaken, withFreeSlug } from '../../db/free-slug.ts';
import type { Read } from '../../db/tx.ts';
import { draftBehind, isBehind, sidesOf } from './drafts.differences.ts';
import * as repository from './drafts.repository.ts';

/**
 * What publishing a working draft would do now. Worked out without locks, so another call may change it before anybody
 * publishes.
 */

/**
 * The slug that the article would get, and the codes of the failures that would refuse publishing, in the order in which
 * they are checked.
 */
export type Outlook = { slug: string; blockedBy: string[] };

/** How to read the article of a draft: through which connection, with which functions. */
export type Looking = { read: Read; changes: Pick<ArticleChanges, 'peek' | 'takenSlugs'> };

type Shown = Pick<Stored, 'title' | 'slug' | 'language' | 'sourceItemId' | 'expiresAt'> & {
  source: { id: string } | null;
};

/** The slug that publishing would give; a derived one gets a number if it is taken. */
function slugOf(
  { read, changes }: Looking,
  live: Stored,
  { title, slug }: Shown,
  derived: boolean,
): Promise<string> | string {
  if (!derived) return slug;
  const findTaken = (slugs: readonly string[]) => changes.takenSlugs(read, slugs);
  return withFreeSlug(findTaken, async (number) => {
    const choice = patchedSlug(live, { title }, number);
    const free = choice.derivedBase === null || choice.slug === live.slug;
    if (!free && (await findTaken([choice.slug])).length > 0) throw new DerivedSlugTaken(choice.derivedBase ?? slug);
    return choice.slug;
  });
}

/** The code of the failure that a check throws, or none. */
function refusalOf(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure) return [thrown.code];
    throw thrown;
  }
}

/**
 * Whether a sent slug is the derived one that the draft shows: a form that sends back what it was shown does not choose a
 * slug.
 */
export async function isShownSlug(
  looking: Looking,
  row: repository.DraftRow,
  sent: string | undefined,
): Promise<boolean> {
  if (sent === undefined || !row.slug_derived) return false;
  return slugify(sent) === (await outlookOf(looking, row)).slug;
}

export async function outlookOf(looking: Looking, row: repository.DraftRow): Promise<Outlook> {
  const draft: Shown = JSON.parse(row.draft);
  const live = await looking.changes.peek(looking.read, row.id);
  if (live === null) return { slug: draft.slug, blockedBy: [] };
  const { title, language, sourceItemId, expiresAt, source } = draft;
  const slug = await slugOf(looking, live, draft, row.slug_derived);
  const ready: Stored = { ...live, title, slug, language, sourceItemId, expiresAt, sourceId: source?.id ?? null };
  const sides = sidesOf(row);
  const blockedBy = [
    ...refusalOf(() => checkStep('publish', placeOf(live))),
    ...(isBehind(sides) ? [draftBehind(sides).code] : []),
    ...refusalOf(() => checkContent(contentAfter('publish', ready, undefined), live.now)),
    ...(await repository.findRivals(looking.read, { id: live.id, before: contentOf(live), after: contentOf(ready) })),
  ];
  return { slug, blockedBy };
}

/** A draft, with what publishing it would do now. */
export type LookedAt = { row: repository.DraftRow; outlook: Outlook };

export type WrittenDraft = LookedAt & { warnings: Warning[] };
