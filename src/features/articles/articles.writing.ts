import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleChanges, ChangeResult, Writes, WrittenArticle } from '../../article/change/article-changes.ts';
import { restoredStory } from '../../article/change/editions.ts';
import type { ChangeOf, Decision } from '../../article/change/plan.ts';
import { findKill } from '../../article/change/reads.ts';
import { dateWarnings, publishWarnings } from '../../article/change/warnings.ts';
import { findTrasher } from '../../article/change/writes.ts';
import { type Content, contentOf, placeOf, type Stored, wasPublic } from '../../article/content.ts';
import { corrected, type ReaderNotes } from '../../article/corrections.ts';
import type { DraftContent } from '../../article/draft.ts';
import { patchedBody, patchedSlug } from '../../article/edited-parts.ts';
import { contentAfter, createdContent, isoOf, patchedContent } from '../../article/edits.ts';
import type { ArticleCreate, ArticlePatch } from '../../article/inputs.ts';
import { checkEditable, checkMayEdit, checkMayStep, checkStep, type Step } from '../../article/lifecycle.ts';
import { callerOf } from '../../article/read/visible.ts';
import { warning } from '../../article/warnings.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { forbidden } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { slugify } from '../../core/slug.ts';
import { derivedSlug, givenSlug } from '../../core/slug-choice.ts';
import type { Tx } from '../../db/tx.ts';
import type { EventType } from '../../outbox/event-types.ts';

/**
 * What a call sets in addition to its body: the wire's version, and the trash for a kill notice of an item that never came.
 */
export type ExtraContent = Partial<Pick<Content, 'itemVersion' | 'deletedAt'>>;

export type StepOptions = Omit<ReaderNotes, 'correctionAt'> & {
  at?: Date | undefined;
  note?: string | undefined;
  /** For publishing: the version of the working draft to apply; 0 for none. If absent, whatever draft there is. */
  draftVersion?: number | undefined;
};

/** How publishing uses the working draft of an article. */
export type WorkingDrafts = {
  /**
   * Removes the draft and returns what publishing applies. Null if there is no draft, or if `draftVersion` is 0, which
   * leaves the draft as it is. Throws 412 if the draft does not have the version asked for, and 409 `draft-behind` if the
   * live article has changed in the meantime.
   */
  take(
    tx: Tx,
    stored: Stored,
    asked: { number: number; draftVersion: number | undefined; of: ChangeOf },
  ): Promise<(Omit<Decision, 'content'> & { content: DraftContent }) | null>;
};

export type WritingParts = { changes: ArticleChanges; drafts: WorkingDrafts; bodies: Bodies };

/** How a creation is recorded if it is not an ordinary one: as the notice that a wire's item is killed. */
export type Recorded = { step: string; note: string | null; data?: Readonly<Record<string, string | number>> };

/** The writes of articles, and what each returns. */
export type ArticleWrites<Result> = {
  create(actor: Actor, body: ArticleCreate, call: Call, extra?: ExtraContent, as?: Recorded): Promise<Result>;
  /** Refuses an article in the trash, unless `trash` is `taken`: then it is changed like a draft, and stays there. */
  update(of: ChangeOf, patch: ArticlePatch, extra?: ExtraContent, trash?: 'refused' | 'taken'): Promise<Result>;
  step(of: ChangeOf, step: Step, options?: StepOptions): Promise<Result>;
};

/** `unread`: the same without reading the article back, for calls that do not answer with it or make more changes first. */
export type ArticleWriting = ArticleWrites<WrittenArticle> & { unread: ArticleWrites<ChangeResult> };

const eventOfStep: Readonly<Record<Step, EventType>> = {
  submit: 'article.submitted',
  return: 'article.returned',
  publish: 'article.published',
  unpublish: 'article.unpublished',
  archive: 'article.archived',
  trash: 'article.trashed',
  restore: 'article.restored',
};

const isOwn = (stored: Stored, { actor, theirs }: ChangeOf) => theirs === true || stored.createdById === actor.userId;

export const articleWriting = (parts: WritingParts): ArticleWriting => ({
  ...articleWrites(parts.changes, parts),
  unread: articleWrites(parts.changes.unread, parts),
});

function articleWrites<Result>(
  writes: Writes<Result>,
  { drafts, bodies }: Pick<WritingParts, 'drafts' | 'bodies'>,
): ArticleWrites<Result> {
  return {
    create(actor, body, call, extra = {}, as = { step: 'create', note: null }) {
      if (body.status === 'published' || body.publishedAt || body.expiresAt) checkDesk(actor);
      const id = newId();
      return writes.create(actor, {
        id,
        call,
        plan: { ...as, event: 'article.created' },
        labels: body,
        slugOf: (number) =>
          body.slug === undefined ? derivedSlug(body.title, id, number) : { slug: givenSlug(body.slug), base: null },
        async decide({ now, slug, related }) {
          const relations = await related();
          const { warnings, ...rendered } = await patchedBody(null, body, bodies);
          const slugs = { slug, slugDerived: body.slug === undefined };
          return {
            content: { ...createdContent(body, { ...slugs, ...rendered, ...relations }, now), ...extra },
            warnings,
          };
        },
      });
    },

    update(of, patch, extra = {}, trash = 'refused') {
      const { actor } = of;
      return writes.change(of, {
        step: 'update',
        event: 'article.updated',
        note: null,
        named: Object.keys(patch),
        labels: patch,
        checkMay: (stored) => {
          const place = placeOf(stored);
          checkMayEdit(place === 'trash' && trash === 'taken' ? 'draft' : place, actor, isOwn(stored, of));
          if (asksOfDesk(stored, patch)) checkDesk(actor);
        },
        async decide(stored, { number, related }) {
          if (trash === 'refused') checkEditable(placeOf(stored));
          const before = contentOf(stored);
          const { warnings, ...rendered } = await patchedBody(before, patch, bodies);
          const relations = await related();
          const { derivedBase, ...slugs } = patchedSlug(stored, patch, number);
          const content = patchedContent(stored, patch, { ...slugs, ...rendered, ...relations });
          const ofDates = dateWarnings(stored, content, stored.now);
          return { content: { ...content, ...extra }, derivedBase, warnings: [...warnings, ...ofDates] };
        },
      });
    },

    step(of, step, { at, note, draftVersion, ...readerNotes } = {}) {
      const { actor } = of;
      return writes.change(of, {
        step,
        event: eventOfStep[step],
        note: note ?? null,
        named: at === undefined ? [] : ['at'],
        checkMay: (stored) => checkMayStep(step, placeOf(stored), actor, isOwn(stored, of)),
        async decide(stored, { tx, number }) {
          checkStep(step, placeOf(stored));
          const draft = step === 'publish' ? await drafts.take(tx, stored, { number, draftVersion, of }) : null;
          const ready = { ...stored, ...draft?.content };
          const after = contentAfter(step, ready, at);
          const back = step === 'restore' ? await fromTrash(tx, stored, actor) : null;
          const storyId = back?.storyId ?? after.storyId;
          const content = { ...after, storyId, ...corrected(stored, readerNotes, stored.now) };
          const ofDates = step === 'publish' ? publishWarnings(stored, ready, after, stored.now) : [];
          const killed = step === 'publish' ? await killedWarnings(tx, stored) : [];
          const warnings = [...(draft?.warnings ?? []), ...(back?.warnings ?? []), ...ofDates, ...killed];
          const { derivedBase = null, recordAlone, dropsDraft = false } = draft ?? {};
          return { content, derivedBase, warnings, data: back?.data ?? {}, recordAlone, dropsDraft };
        },
      });
    },
  };
}

/** A warning with the reason, if a wire's item was killed and neither a newer version nor a publication came since. */
async function killedWarnings(tx: Tx, { id, sourceItemId }: Stored) {
  const reason = sourceItemId === null ? null : await findKill(tx, id);
  return reason === null ? [] : [warning('killed', reason)];
}

/**
 * For an article that leaves the trash: its story afterwards, and who had put it there. The event names that person, as
 * authors may restore what an editor trashed.
 */
async function fromTrash(
  tx: Tx,
  stored: Stored,
  actor: Actor,
): Promise<(Pick<Decision, 'warnings' | 'data'> & Pick<Content, 'storyId'>) | null> {
  if (stored.deletedAt === null) return null;
  const story = await restoredStory(tx, stored.id, stored, callerOf(actor));
  const trashedBy = await findTrasher(tx, stored.id);
  return { ...story, ...(trashedBy === null ? {} : { data: { trashedBy } }) };
}

/** Throws 403 unless an editor calls: dates, publishing and the slugs of what was public belong to the desk. */
function checkDesk(actor: Actor): void {
  if (hasRole(actor, 'editor')) return;
  throw forbidden('Only an editor may publish, set publication dates, correct, or change the slug of what was public.');
}

/** Whether a patch changes something that belongs to the desk. Anybody may send such members along unchanged. */
function asksOfDesk(stored: Stored, patch: ArticlePatch): boolean {
  const { publishedAt, expiresAt, slug, correction, correctionAt, modified } = patch;
  const differs = (sent: Date | null | undefined, old: string | null) => sent !== undefined && isoOf(sent) !== old;
  const renames = slug !== undefined && slugify(slug) !== stored.slug && wasPublic(stored, stored.now);
  const notes = [correction, correctionAt, modified].some((note) => note !== undefined);
  return notes || renames || differs(publishedAt, stored.publishedAt) || differs(expiresAt, stored.expiresAt);
}
