import { type Actor, causeOf } from '../../core/actor.ts';
import { Failure } from '../../core/errors.ts';
import { refOf } from '../../core/ref.ts';
import type { Db, Tx } from '../../db/client.ts';
import { withFreeSlug } from '../../db/free-slug.ts';
import { audienceOf } from '../../db/visible.ts';
import { checkPrecondition, type Precondition } from '../../http/conditional.ts';
import type { Call } from '../../http/endpoint.ts';
import { recordEvent } from '../../outbox/record.ts';
import { checkContent, resolveRefs } from './articles.change.ts';
import { type FieldChange, fieldChanges } from './articles.differences.ts';
import { checkKeyLimits } from './articles.lifecycle.ts';
import * as repository from './articles.repository.ts';
import type { ArticleCreate } from './articles.schema.ts';
import { absence } from './articles.service.ts';
import {
  type Content,
  changedMembers,
  contentOf,
  fieldOf,
  keysOfChange,
  type Stored,
  wasPublic,
} from './articles.state.ts';
import * as store from './articles.store.ts';
import type { BodyWarning } from './body-warnings.ts';

/** An article as it is after a write, and what the sanitiser took out of it. */
export type WrittenArticle = { id: string; body: string; version: number; warnings: BodyWarning[] };

/** Who asks for a change of which article, and of which version of it. */
export type ChangeOf = { actor: Actor; segment: string; ifMatch: Precondition; call: Call };

export type Decision = { content: Content; derivedBase: string | null; warnings: BodyWarning[] };

/** What a change does besides storing: its name in the revision and the event. */
export type Plan = {
  step: string;
  event: string;
  note: string | null;
  data?: Readonly<Record<string, string | number>>;
  /** Throws 403. Comes before the precondition, as the caller may not know more. */
  checkMay(stored: Stored): void;
  /** Throws 409 and what else the state forbids. */
  decide(stored: Stored, tx: Tx, number: number): Promise<Decision>;
};

/** A new article, or a change of one that is there, ready to be stored. */
type Settled = {
  id: string;
  before: Content | null;
  version: number;
  decision: Decision;
  plan: Pick<Plan, 'step' | 'event' | 'note' | 'data'>;
  actor: Actor;
  call: Call;
  now: string;
};

/** The one path by which articles change, for every feature that changes them. */
export type ArticleChanges = {
  /** Source and tags of a body as ids. Throws 422 naming those that do not exist. */
  relations(
    tx: Tx,
    body: Pick<ArticleCreate, 'source' | 'tags'>,
  ): Promise<{ sourceId: string | null; tagIds: string[] }>;
  /** Stores in the caller's transaction: row, tags, old slug, revision, event. */
  settle(tx: Tx, settled: Settled): Promise<WrittenArticle>;
  /** One change of one article: lock, may one, is it the version that was read, decide, store, all or nothing. */
  change(of: ChangeOf, plan: Plan): Promise<WrittenArticle>;
  /** The article with a lock on its row. Throws 404, or 410 for what was public once and this caller may not see. */
  lock(tx: Tx, actor: Actor, segment: string): Promise<Stored>;
  /** Runs a transaction again with the next number while a derived slug is taken. */
  numbered<Result>(work: (tx: Tx, number: number) => Promise<Result>): Promise<Result>;
};

/** A 412 says what changed since the version that the caller has, so that a client can merge. */
async function checkVersion(tx: Tx, stored: Stored, ifMatch: Precondition, publicUrl: string): Promise<void> {
  try {
    checkPrecondition(ifMatch, stored.version);
  } catch (thrown) {
    const read = ifMatch.kind === 'versions' ? ifMatch.versions[0] : undefined;
    if (!(thrown instanceof Failure) || thrown.kind !== 'Stale' || read === undefined) throw thrown;
    const changes = await changesBetween(tx, stored.id, [read, stored.version], publicUrl);
    throw new Failure('Stale', thrown.code, thrown.message, { members: { ...thrown.extras.members, changes } });
  }
}

async function changesBetween(
  { read }: Tx,
  id: string,
  [from, to]: readonly [number, number],
  publicUrl: string,
): Promise<FieldChange[]> {
  const before = await store.findSnapshot(read, id, from, publicUrl);
  const after = await store.findSnapshot(read, id, to, publicUrl);
  return before === null || after === null ? [] : fieldChanges(before, after);
}

export function articleChanges({ db, publicUrl }: { db: Db; publicUrl: string }): ArticleChanges {
  const viewerOf = (actor: Actor) => ({ audience: audienceOf(actor), actorId: actor.userId, publicUrl });
  const findTaken = (slugs: readonly string[]) => repository.findTakenSlugs(db.read, slugs);
  const numbered = <Result>(work: (tx: Tx, number: number) => Promise<Result>) =>
    withFreeSlug(findTaken, (number) => db.transaction((tx) => work(tx, number)));

  const settle = async (tx: Tx, settled: Settled): Promise<WrittenArticle> => {
    const { id, before, version, decision, plan, actor, call, now } = settled;
    const { content, warnings, derivedBase } = decision;
    const actorId = actor.userId;
    checkKeyLimits(actor, before, content);
    checkContent(content, now);
    const write = { id, content, version, actorId, now, derivedBase };
    if (before === null) await store.insertArticle(tx, write);
    else await store.updateArticle(tx, { ...write, before });
    if (before !== null && before.slug !== content.slug && wasPublic(before, now))
      await store.keepSlug(tx, id, before.slug, content.slug);
    const changed = before === null ? [] : changedMembers(before, content);
    const { step, note } = plan;
    await store.insertRevision(tx, { articleId: id, step, note, changed: changed.flatMap(fieldOf), actorId, now });
    const data = { slug: content.slug, status: content.status, changed, ...plan.data };
    const event = {
      subjectType: 'article',
      subjectId: id,
      version,
      ...causeOf(actor, call),
      keys: keysOfChange(id, before, content),
      data,
    } as const;
    await recordEvent(tx, { ...event, type: plan.event });
    if (before === null && content.status === 'published')
      await recordEvent(tx, { ...event, type: 'article.published' });
    return { ...(await store.readWritten(tx, id, viewerOf(actor))), warnings };
  };

  const lock = async (tx: Tx, actor: Actor, segment: string): Promise<Stored> => {
    const ref = refOf(segment);
    const viewer = { audience: audienceOf(actor), actorId: actor.userId, publicUrl };
    const stored = await repository.lockArticle(tx, ref, viewer);
    if (stored === null) throw absence(await repository.findElsewhere(tx.read, ref, viewer));
    return stored;
  };

  return {
    lock,
    numbered,
    settle,
    async relations(tx, body) {
      const sources = body.source ? await repository.findRefs(tx, 'sources', [body.source]) : [];
      const tags = body.tags?.length ? await repository.findRefs(tx, 'tags', body.tags) : [];
      return {
        sourceId: body.source ? (resolveRefs([body.source], sources, () => '/source', 'source')[0] ?? null) : null,
        tagIds: resolveRefs(body.tags ?? [], tags, (index) => `/tags/${index}`, 'tag'),
      };
    },
    change({ actor, segment, ifMatch, call }, plan) {
      return numbered(async (tx, number) => {
        const stored = await lock(tx, actor, segment);
        plan.checkMay(stored);
        await checkVersion(tx, stored, ifMatch, publicUrl);
        const decision = await plan.decide(stored, tx, number);
        const before = contentOf(stored);
        const { id, now } = stored;
        checkContent(decision.content, now);
        if (changedMembers(before, decision.content).length === 0) {
          return { ...(await store.readWritten(tx, id, viewerOf(actor))), warnings: decision.warnings };
        }
        return settle(tx, { id, before, version: stored.version + 1, decision, plan, actor, call, now });
      });
    },
  };
}
