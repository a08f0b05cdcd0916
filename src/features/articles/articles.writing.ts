import type { Bodies } from '../../article/body/bodies.ts';
import type {
  ArticleChanges,
  ChangeOf,
  ChangeResult,
  Decision,
  Writes,
  WrittenArticle,
} from '../../article/change/change.ts';
import { restoredStory } from '../../article/change/editions.ts';
import { databaseNow, findKill } from '../../article/change/reads.ts';
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

/** What a call sets besides what its body says: the wire's version, and for a notice of what never came, the trash. */
export type ExtraContent = Partial<Pick<Content, 'itemVersion' | 'deletedAt'>>;

export type StepOptions = Omit<ReaderNotes, 'correctionAt'> & {
  at?: Date | undefined;
  note?: string | undefined;
  /** Of publishing: the working draft that is meant, 0 for none; whichever there is where it is absent. */
  draftVersion?: number | undefined;
};

/** What publishing needs to know of the working draft beside an article. */
export type WorkingDrafts = {
  /**
   * What publishing this article applies; the draft is gone then. Null without one, and for the draft version 0, which
   * leaves it. Throws 412 where another version was asked for, 409 `draft-behind` where the live article has changed
   * under it.
   */
  take(
    tx: Tx,
    stored: Stored,
    asked: { number: number; draftVersion: number | undefined; of: ChangeOf },
  ): Promise<(Omit<Decision, 'content'> & { content: DraftContent }) | null>;
};

export type WritingParts = { changes: ArticleChanges; drafts: WorkingDrafts; bodies: Bodies };

/** As what a creation is recorded, where it is not one of a story: the notice that a wire's item is killed. */
export type Recorded = { step: string; note: string | null; data?: Readonly<Record<string, string | number>> };

/** What may be written of articles, and what each call gives of it. */
export type ArticleWrites<Result> = {
  create(actor: Actor, body: ArticleCreate, call: Call, extra?: ExtraContent, as?: Recorded): Promise<Result>;
  /** What is in the trash is refused, unless `trash` takes it as it takes a draft; there it stays. */
  update(of: ChangeOf, patch: ArticlePatch, extra?: ExtraContent, trash?: 'refused' | 'taken'): Promise<Result>;
  step(of: ChangeOf, step: Step, options?: StepOptions): Promise<Result>;
};

/** `unread`: the same where the article itself is not answered, or only after more changes of the same call. */
export type ArticleWriting = ArticleWrites<WrittenArticle> & { unread: ArticleWrites<ChangeResult> };

const eventOfStep: Readonly<Record<Step, string>> = {
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
  { changes, drafts, bodies }: WritingParts,
): ArticleWrites<Result> {
  return {
    create(actor, body, call, extra = {}, as = { step: 'create', note: null }) {
      if (body.status === 'published' || body.publishedAt || body.expiresAt) checkDesk(actor);
      const id = newId();
      return writes.create(actor, async (tx, number) => {
        const now = await databaseNow(tx);
        const related = await changes.relations(tx, body);
        const { warnings, ...rendered } = await patchedBody(null, body, bodies);
        const derived = body.slug === undefined ? derivedSlug(body.title, id, number) : null;
        const slug = derived?.slug ?? givenSlug(body.slug ?? '');
        const content = createdContent(body, { slug, slugDerived: derived !== null, ...rendered, ...related }, now);
        const decision = { content: { ...content, ...extra }, derivedBase: derived?.base ?? null, warnings };
        const plan = { ...as, event: 'article.created' };
        return { id, decision, plan, call, now };
      });
    },

    update(of, patch, extra = {}, trash = 'refused') {
      const { actor } = of;
      return writes.change(of, {
        step: 'update',
        event: 'article.updated',
        note: null,
        named: Object.keys(patch),
        checkMay: (stored) => {
          const place = placeOf(stored);
          checkMayEdit(place === 'trash' && trash === 'taken' ? 'draft' : place, actor, isOwn(stored, of));
          if (asksOfDesk(stored, patch)) checkDesk(actor);
        },
        async decide(stored, tx, number) {
          if (trash === 'refused') checkEditable(placeOf(stored));
          const before = contentOf(stored);
          const { warnings, ...rendered } = await patchedBody(before, patch, bodies);
          const related = await changes.relations(tx, patch);
          const { derivedBase, ...slugs } = patchedSlug(stored, patch, number);
          const content = patchedContent(stored, patch, { ...slugs, ...rendered, ...related });
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
        async decide(stored, tx, number) {
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
          const { derivedBase = null, recordAlone } = draft ?? {};
          return { content, derivedBase, warnings, data: back?.data ?? {}, recordAlone };
        },
      });
    },
  };
}

/** Of a wire's item whose kill notice neither a newer version nor a publishing has answered: the reason. */
async function killedWarnings(tx: Tx, { id, sourceItemId }: Stored) {
  const reason = sourceItemId === null ? null : await findKill(tx, id);
  return reason === null ? [] : [warning('killed', reason)];
}

/** Of what comes back from the trash: the story that it has then, and who had put it there, which authors too may undo. */
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

/** Dates, publishing and the slugs of what was public are the desk's. */
function checkDesk(actor: Actor): void {
  if (hasRole(actor, 'editor')) return;
  throw forbidden('Only an editor may publish, set publication dates, correct, or change the slug of what was public.');
}

/** Whether a patch changes what is the desk's; what stays as it is may be sent along by anybody. */
function asksOfDesk(stored: Stored, patch: ArticlePatch): boolean {
  const { publishedAt, expiresAt, slug, correction, correctionAt, modified } = patch;
  const differs = (sent: Date | null | undefined, old: string | null) => sent !== undefined && isoOf(sent) !== old;
  const renames = slug !== undefined && slugify(slug) !== stored.slug && wasPublic(stored, stored.now);
  const notes = [correction, correctionAt, modified].some((note) => note !== undefined);
  return notes || renames || differs(publishedAt, stored.publishedAt) || differs(expiresAt, stored.expiresAt);
}
