import { type Actor, hasRole } from '../../core/actor.ts';
import { forbidden } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { refOf } from '../../core/ref.ts';
import { derivedSlug, givenSlug } from '../../core/slug-choice.ts';
import type { Db, Tx } from '../../db/client.ts';
import { withFreeSlug } from '../../db/free-slug.ts';
import { audienceOf } from '../../db/visible.ts';
import { checkPrecondition, type Precondition } from '../../http/conditional.ts';
import type { Call } from '../../http/endpoint.ts';
import { recordEvent } from '../../outbox/record.ts';
import { checkContent, patchedBody, resolveRefs } from './articles.change.ts';
import { contentAfter, createdContent, patchedContent } from './articles.content.ts';
import { checkMayEdit, checkMayStep, checkStep, type Step } from './articles.lifecycle.ts';
import * as repository from './articles.repository.ts';
import type { ArticleCreate, ArticlePatch } from './articles.schema.ts';
import { absence } from './articles.service.ts';
import {
  type Content,
  changedMembers,
  contentOf,
  keysOfChange,
  placeOf,
  type Stored,
  wasPublic,
} from './articles.state.ts';
import * as store from './articles.store.ts';
import type { BodyWarning } from './body-warnings.ts';

/** An article as it is after a write, and what the sanitiser took out of it. */
export type WrittenArticle = { id: string; body: string; version: number; warnings: BodyWarning[] };

/** Who asks for a change of which article, and of which version of it. */
export type ChangeOf = { actor: Actor; segment: string; ifMatch: Precondition; call: Call };

export type ArticleWriting = {
  create(actor: Actor, body: ArticleCreate, call: Call): Promise<WrittenArticle>;
  update(of: ChangeOf, patch: ArticlePatch): Promise<WrittenArticle>;
  step(
    of: ChangeOf,
    step: Step,
    options?: { at?: Date | undefined; note?: string | undefined },
  ): Promise<WrittenArticle>;
};

type Decision = { content: Content; derivedBase: string | null; warnings: BodyWarning[] };

/** What a change does besides storing: its name in the revision and the event. */
type Plan = {
  step: string;
  event: string;
  note: string | null;
  /** Throws 403. Comes before the precondition, as the caller may not know more. */
  checkMay(stored: Stored): void;
  /** Throws 409 and what else the state forbids. */
  decide(stored: Stored, tx: Tx, number: number): Promise<Decision>;
};

const eventOfStep: Readonly<Record<Step, string>> = {
  submit: 'article.submitted',
  return: 'article.returned',
  publish: 'article.published',
  unpublish: 'article.unpublished',
  archive: 'article.archived',
  trash: 'article.trashed',
  restore: 'article.restored',
};

const isOwn = (stored: Stored, actor: Actor) => stored.createdById === actor.userId;

export function articleWriting({ db, publicUrl }: { db: Db; publicUrl: string }): ArticleWriting {
  const findTaken = (slugs: readonly string[]) => repository.findTakenSlugs(db.read, slugs);

  /** Source and tags of a body, checked to exist. */
  const relations = async (tx: Tx, body: Pick<ArticleCreate, 'source' | 'tags'>) => {
    const sources = body.source ? await repository.findRefs(tx, 'sources', [body.source]) : [];
    const tags = body.tags?.length ? await repository.findRefs(tx, 'tags', body.tags) : [];
    return {
      sourceId: body.source ? (resolveRefs([body.source], sources, () => '/source', 'source')[0] ?? null) : null,
      tagIds: resolveRefs(body.tags ?? [], tags, (index) => `/tags/${index}`, 'tag'),
    };
  };

  const settle = async (
    tx: Tx,
    change: {
      id: string;
      before: Content | null;
      version: number;
      decision: Decision;
      plan: Pick<Plan, 'step' | 'event' | 'note'>;
      actor: Actor;
      call: Call;
      now: string;
    },
  ): Promise<void> => {
    const { id, before, version, decision, plan, actor, call, now } = change;
    const { content } = decision;
    const actorId = actor.userId;
    const write = { id, content, version, actorId, now, derivedBase: decision.derivedBase };
    if (before === null) await store.insertArticle(tx, write);
    else await store.updateArticle(tx, { ...write, before });
    if (before !== null && before.slug !== content.slug && wasPublic(before, now))
      await store.keepSlug(tx, id, before.slug, content.slug);
    await store.insertRevision(tx, { articleId: id, step: plan.step, note: plan.note, actorId, now });
    const changed = before === null ? [] : changedMembers(before, content);
    const event = {
      subjectType: 'article',
      subjectId: id,
      version,
      actorId,
      requestId: call.requestId,
      keys: keysOfChange(id, before, content),
    } as const;
    await recordEvent(tx, {
      ...event,
      type: plan.event,
      data: { slug: content.slug, status: content.status, changed },
    });
    if (before === null && content.status === 'published')
      await recordEvent(tx, {
        ...event,
        type: 'article.published',
        data: { slug: content.slug, status: content.status, changed },
      });
  };

  /** One change of one article: lock, may one, is it the version that was read, decide, store, all or nothing. */
  const change = ({ actor, segment, ifMatch, call }: ChangeOf, plan: Plan): Promise<WrittenArticle> => {
    const ref = refOf(segment);
    const viewer = { audience: audienceOf(actor), actorId: actor.userId, publicUrl };
    return withFreeSlug(findTaken, (number) =>
      db.transaction(async (tx) => {
        const stored = await repository.lockArticle(tx, ref, viewer);
        if (stored === null) throw absence(await repository.findElsewhere(tx.read, ref, viewer));
        plan.checkMay(stored);
        checkPrecondition(ifMatch, stored.version);
        const decision = await plan.decide(stored, tx, number);
        const before = contentOf(stored);
        checkContent(decision.content, stored.now);
        if (changedMembers(before, decision.content).length > 0) {
          await settle(tx, {
            id: stored.id,
            before,
            version: stored.version + 1,
            decision,
            plan,
            actor,
            call,
            now: stored.now,
          });
        }
        return { ...(await store.readWritten(tx, stored.id, publicUrl)), warnings: decision.warnings };
      }),
    );
  };

  return {
    create(actor, body, call) {
      const status = body.status ?? 'draft';
      if (!hasRole(actor, 'editor')) checkAuthorMay(body, status === 'published');
      const id = newId();
      return withFreeSlug(findTaken, (number) =>
        db.transaction(async (tx) => {
          const now = await repository.databaseNow(tx);
          const related = await relations(tx, body);
          const { warnings, ...rendered } = patchedBody(null, body, publicUrl);
          const derived = body.slug === undefined ? derivedSlug(body.title, id, number) : null;
          const slug = derived?.slug ?? givenSlug(body.slug ?? '');
          const content = createdContent(body, { slug, slugDerived: derived !== null, ...rendered, ...related }, now);
          checkContent(content, now);
          const decision = { content, derivedBase: derived?.base ?? null, warnings };
          await settle(tx, {
            id,
            before: null,
            version: 1,
            decision,
            plan: { step: 'create', event: 'article.created', note: null },
            actor,
            call,
            now,
          });
          return { ...(await store.readWritten(tx, id, publicUrl)), warnings };
        }),
      );
    },

    update(of, patch) {
      const { actor } = of;
      return change(of, {
        step: 'update',
        event: 'article.updated',
        note: null,
        checkMay: (stored) => {
          checkMayEdit(placeOf(stored), actor, isOwn(stored, actor));
          if (!hasRole(actor, 'editor'))
            checkAuthorMay(patch, patch.slug !== undefined && wasPublic(stored, stored.now));
        },
        async decide(stored, tx, number) {
          const before = contentOf(stored);
          const { warnings, ...rendered } = patchedBody(before, patch, publicUrl);
          const related = await relations(tx, patch);
          const title = patch.title ?? before.title;
          const derives =
            patch.slug === undefined && before.slugDerived && title !== before.title && !wasPublic(before, stored.now);
          const derived = derives ? derivedSlug(title, stored.id, number) : null;
          const given = patch.slug === undefined ? before.slug : givenSlug(patch.slug);
          const slugs = { slug: derived?.slug ?? given, slugDerived: before.slugDerived && given === before.slug };
          const content = patchedContent(stored, patch, { ...slugs, ...rendered, ...related });
          return { content, derivedBase: derived?.base ?? null, warnings };
        },
      });
    },

    step(of, step, { at, note } = {}) {
      const { actor } = of;
      return change(of, {
        step,
        event: eventOfStep[step],
        note: note ?? null,
        checkMay: (stored) => checkMayStep(step, placeOf(stored), actor, isOwn(stored, actor)),
        async decide(stored) {
          checkStep(step, placeOf(stored));
          return { content: contentAfter(step, stored, at), derivedBase: null, warnings: [] };
        },
      });
    },
  };
}

/** Dates, publishing and the slugs of what was public are the desk's. */
function checkAuthorMay(body: { publishedAt?: unknown; expiresAt?: unknown }, asksMore: boolean): void {
  if (asksMore || body.publishedAt !== undefined || body.expiresAt !== undefined) {
    throw forbidden('Only an editor may publish, set publication dates, or change the slug of what was public.');
  }
}
