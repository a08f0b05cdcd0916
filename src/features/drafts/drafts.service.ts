import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleChanges } from '../../article/change/article-changes.ts';
import type { ChangeOf } from '../../article/change/plan.ts';
import { checkContent } from '../../article/checks.ts';
import { changedFields, changedMembers, contentOf, placeOf, type Stored } from '../../article/content.ts';
import { type DraftContent, draftContentOf, namesDraft, rebasedContent } from '../../article/draft.ts';
import { patchedBody, patchedSlug } from '../../article/edited-parts.ts';
import { patchedContent } from '../../article/edits.ts';
import { checkEditable, checkKeyReach, checkMayEdit } from '../../article/lifecycle.ts';
import type { Actor } from '../../core/actor.ts';
import { notFound } from '../../core/errors.ts';
import { holds } from '../../core/precondition.ts';
import { refOf } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { differencesOf, otherBase, type Sides, sidesOf } from './drafts.differences.ts';
import { discardDraft, recordEdited } from './drafts.events.ts';
import { isShownSlug, type LookedAt, type Outlook, outlookOf, type WrittenDraft } from './drafts.outlook.ts';
import * as repository from './drafts.repository.ts';
import type { DraftPatch, DraftPut } from './drafts.schema.ts';
import { begunSince, draftGone, staleDraft } from './drafts.versions.ts';

/** A change of the draft. `patch` merges the cover; `put` replaces each member as a whole. */
export type DraftEdit = { how: 'patch'; body: DraftPatch } | { how: 'put'; body: DraftPut };

export type DraftService = {
  /** Throws 404 if the article has no draft. */
  get(segment: string): Promise<LookedAt>;
  /** What publishing the draft of an article would do now; null if it has none. */
  outlook(articleId: string): Promise<Outlook | null>;
  /**
   * Changes the draft. If there is none, begins one from the live article; `If-Match` must then name the article's version.
   */
  edit(of: ChangeOf, edit: DraftEdit): Promise<WrittenDraft>;
  remove(of: ChangeOf): Promise<void>;
};

export type DraftParts = { db: Db; changes: ArticleChanges; bodies: Bodies; publicUrl: string };

const withoutSlug = (edit: DraftEdit): DraftEdit =>
  edit.how === 'put'
    ? { ...edit, body: { ...edit.body, slug: undefined } }
    : { ...edit, body: { ...edit.body, slug: undefined } };

type Working = { content: DraftContent; baseVersion: number };

const begun = (live: Stored): Working => ({ content: draftContentOf(live), baseVersion: live.version });

/** For an article without a draft: nothing differs. */
const unchanged = ({ version }: Stored): Sides => ({
  draft: {},
  live: {},
  base: null,
  baseVersion: version,
  articleVersion: version,
});

/** Throws 403 unless the key reaches both: the article, and the article as the draft would make it. */
function checkReach(actor: Actor, live: Stored, locked: repository.LockedDraft | null): void {
  checkKeyReach(actor, live);
  if (locked !== null) checkKeyReach(actor, locked.kept.content);
}

const noDraft = () => notFound('This article has no working draft.');

export function draftService({ db, changes, bodies, publicUrl }: DraftParts): DraftService {
  const shown = async (tx: Tx, id: string): Promise<repository.DraftRow> => {
    const row = await repository.findDraft(tx.read, { id }, publicUrl);
    if (row === null) throw noDraft();
    return row;
  };

  /**
   * Throws 412 unless the caller has read this draft, or the article if it has no draft. The ETag of a draft that is gone
   * never begins a new one.
   */
  const checkRead = async (
    tx: Tx,
    live: Stored,
    locked: repository.LockedDraft | null,
    { ifMatch }: ChangeOf,
  ): Promise<void> => {
    if (holds(ifMatch, locked?.kept.version ?? live.version)) return;
    const said = namesDraft(ifMatch) ? undefined : begunSince;
    if (locked !== null) throw staleDraft(locked.row, placeOf(live), said);
    if (namesDraft(ifMatch)) throw draftGone();
    await changes.checkVersion(tx, live, ifMatch);
  };

  /** Rebases the draft. Throws 409 if `baseVersion` is not the article's current version. */
  const rebased = (live: Stored, locked: repository.LockedDraft | null, baseVersion: number): Working => {
    const sides = locked === null ? unchanged(live) : sidesOf(locked.row);
    if (baseVersion !== live.version) throw otherBase(sides);
    const kept = locked?.kept ?? begun(live);
    if (kept.baseVersion === live.version) return kept;
    const own = differencesOf(sides).draftChanges.map(({ field }) => field);
    return { content: rebasedContent(kept.content, live, own), baseVersion };
  };

  const edited = async (tx: Tx, live: Stored, before: DraftContent, { how, body }: DraftEdit) => {
    const { warnings, ...rendered } = await patchedBody(before, body, bodies);
    const related = await changes.relations(tx, body);
    const stored = { ...live, ...before };
    // A derived slug is the one that publishing would give, and that starts from the live title.
    const derives = body.slug === undefined && before.slugDerived;
    const titled = { slug: body.slug, title: body.title ?? before.title };
    const { derivedBase: _, ...slugs } = patchedSlug(derives ? live : stored, titled, 1);
    const from = how === 'put' && body.cover !== undefined ? { ...stored, cover: null } : stored;
    return { warnings, content: draftContentOf(patchedContent(from, body, { ...slugs, ...rendered, ...related })) };
  };

  const store = async (tx: Tx, actor: Actor, live: Stored, kept: Working | null, after: Working): Promise<void> => {
    const draft = { articleId: live.id, actorId: actor.userId, ...after };
    if (kept === null) await repository.insertDraft(tx, draft);
    else await repository.updateDraft(tx, draft);
  };

  return {
    async get(segment) {
      const ref = refOf(segment);
      const row = await repository.findDraft(db.read, ref, publicUrl);
      if (row === null) throw (await repository.hasArticle(db.read, ref)) ? noDraft() : notFound();
      return { row, outlook: await outlookOf({ read: db.read, changes }, row) };
    },

    async outlook(articleId) {
      const row = await repository.findDraft(db.read, { id: articleId }, publicUrl);
      return row === null ? null : outlookOf({ read: db.read, changes }, row);
    },

    edit(of, edit) {
      const { actor } = of;
      return db.transaction(async (tx) => {
        const live = await changes.lock(tx, actor, of.segment);
        checkMayEdit(placeOf(live), actor, false);
        const locked = await repository.lockDraft(tx, live.id, publicUrl);
        const kept = locked?.kept ?? null;
        checkReach(actor, live, locked);
        await checkRead(tx, live, locked, of);
        checkEditable(placeOf(live));
        const began = kept ?? begun(live);
        const { baseVersion } = edit.body;
        const before = baseVersion === undefined ? began : rebased(live, locked, baseVersion);
        const sentBack = locked !== null && (await isShownSlug({ read: tx.read, changes }, locked.row, edit.body.slug));
        const { content, warnings } = await edited(tx, live, before.content, sentBack ? withoutSlug(edit) : edit);
        const full = (draft: DraftContent) => ({ ...contentOf(live), ...draft });
        checkKeyReach(actor, content);
        checkContent(full(content), live.now, Object.keys(edit.body));
        const [old, now] = [full(began.content), full(content)];
        if (kept === null || changedMembers(old, now).length > 0 || before.baseVersion !== kept.baseVersion) {
          await store(tx, actor, live, kept, { content, baseVersion: before.baseVersion });
          await recordEdited(tx, live, of, { changed: changedFields(old, now), baseVersion: before.baseVersion });
        }
        const row = await shown(tx, live.id);
        return { row, outlook: await outlookOf({ read: tx.read, changes }, row), warnings };
      });
    },

    remove(of) {
      return db.transaction(async (tx) => {
        const live = await changes.lock(tx, of.actor, of.segment);
        const locked = await repository.lockDraft(tx, live.id, publicUrl);
        checkReach(of.actor, live, locked);
        if (locked === null) throw noDraft();
        await checkRead(tx, live, locked, of);
        await discardDraft(tx, live, locked, of, {});
      });
    },
  };
}
