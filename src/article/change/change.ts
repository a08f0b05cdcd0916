import { type Actor, causeOf } from '../../core/actor.ts';
import { isId } from '../../core/ids.ts';
import { holds, type Precondition } from '../../core/precondition.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import { withFreeSlug } from '../../db/free-slug.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { recordEvent } from '../../outbox/record.ts';
import { checkContent, resolveRefs } from '../checks.ts';
import { changedFields, changedMembers, contentOf, ofItem, type Stored } from '../content.ts';
import type { FieldChange } from '../differences.ts';
import type { ArticleCreate } from '../inputs.ts';
import { checkKeyReach } from '../lifecycle.ts';
import type { LabelTable } from '../read/label-names.ts';
import { absence, findElsewhere, type Viewer } from '../read/page.ts';
import { callerOf } from '../read/visible.ts';
import type { Warning } from '../warnings.ts';
import { claimItem } from './claim-item.ts';
import { keepDue, passTimeOf } from './due.ts';
import { checkEdition, editionKeys } from './editions.ts';
import { eventsOf } from './events.ts';
import type { ChangeOf, Checked, NewArticle, Plan } from './plan.ts';
import * as reads from './reads.ts';
import { changesSince, staleArticle } from './stale.ts';
import { namingTaken } from './taken.ts';
import { slugWarnings } from './warnings.ts';
import * as writes from './writes.ts';

/** The result of a change: everything that is answered, except the article itself. */
export type ChangeResult = { id: string; version: number; warnings: Warning[] };

/** The result of a write, with the article as it is afterwards. */
export type WrittenArticle = ChangeResult & { json: string };

/** The two ways in which articles are written. */
export type Writes<Result> = {
  /** Makes one article: row, tags, revision and event; all or nothing. */
  create(actor: Actor, prepare: (tx: Tx, number: number) => Promise<NewArticle>): Promise<Result>;
  /** Changes one article: lock it, check the right, check the version, decide, store; all or nothing. */
  change(of: ChangeOf, plan: Plan): Promise<Result>;
};

/** The one path by which all features change articles. */
export type ArticleChanges = Writes<WrittenArticle> & {
  /** For calls that make several changes: the article is not read back; `readBack` does that once, at the end. */
  unread: Writes<ChangeResult>;
  readBack(tx: Tx, actor: Actor, result: ChangeResult): Promise<WrittenArticle>;
  /** The source and tags of a body, as ids. Throws 422 naming those that do not exist. */
  relations(
    tx: Tx,
    body: Pick<ArticleCreate, 'source' | 'tags'>,
  ): Promise<{ sourceId: string | null; tagIds: string[] }>;
  /** Locks an article. Throws 404, or 410 if it was public once and this caller may not see it. */
  lock(tx: Tx, actor: Actor, segment: string): Promise<Stored>;
  /** The article as it is now, without a lock and whoever asks. Not for deciding a write. */
  peek(read: Read, id: string): Promise<Stored | null>;
  /** Those of the given slugs that articles have. */
  takenSlugs(read: Read, slugs: readonly string[]): Promise<string[]>;
  /** Locks all articles that a call names, in a fixed order, before the first changes: such calls cannot deadlock. */
  lockTogether(tx: Tx, refs: readonly (Ref | null)[]): Promise<void>;
  /**
   * Checks that the version is the one that the caller has read. Throws 428; 412 with what changed since, so that a client
   * can merge; 412 `draft-etag` for the ETag of a working draft.
   */
  checkVersion(tx: Tx, stored: Stored, ifMatch: Precondition): Promise<void>;
  /** The fields in which an article's version differs from an earlier one; null if one of the two is not known. */
  since(tx: Tx, article: Pick<Stored, 'id' | 'version'>, earlier: number): Promise<FieldChange[] | null>;
};

export type ChangeParts = {
  db: Db;
  publicUrl: string;
  /** The tags or sources that references name, by `keyOf`. Locked against removal until the transaction ends. */
  holdLabels(tx: Tx, table: LabelTable, refs: readonly Ref[]): Promise<ReadonlyMap<string, { id: string }>>;
};

export function articleChanges({ db, publicUrl, holdLabels }: ChangeParts): ArticleChanges {
  const viewerOf = (actor: Actor) => ({ ...callerOf(actor), publicUrl });
  const findTaken = (slugs: readonly string[]) => reads.findTakenSlugs(db.read, slugs);
  /**
   * Runs a transaction again with the next number while a derived slug is taken. Throws 409 `slug-taken` for a given slug,
   * and 409 `source-item-taken`; both name the article that has it, if this caller may see it.
   */
  const numbered = <Result>(
    actor: Actor,
    work: (tx: Tx, number: number) => Promise<Result>,
    turns: readonly string[] = [],
  ) =>
    namingTaken(db, viewerOf(actor), () =>
      withFreeSlug(findTaken, (number) => db.transaction((tx) => work(tx, number), { turns })),
    );

  /** Stores a change inside the caller's transaction: row, tags, old slug, revision, event. */
  const write = async (tx: Tx, checked: Checked): Promise<ChangeResult> => {
    const { id, before, version, decision, plan, actor, call, now } = checked;
    const { content, warnings, derivedBase } = decision;
    const actorId = actor.userId;
    await checkEdition(tx, { id, before, after: content }, viewerOf(actor));
    const ofClaim = await claimItem(tx, actor, before, content);
    const clock = await passTimeOf(tx, { id, before, now });
    const row = { id, content, version, actorId, now, derivedBase };
    if (before === null) await writes.insertArticle(tx, row);
    else await writes.updateArticle(tx, { ...row, before });
    if (before !== null) await writes.keepSlug(tx, { id, before, after: content, now });
    const changed = before === null ? [] : changedFields(before, content);
    const { step, note } = plan;
    await writes.insertRevision(tx, { articleId: id, step, note, changed, actorId, now });
    const data = { slug: content.slug, status: content.status, changed, ...plan.data, ...decision.data };
    const event = { subjectType: 'article', subjectId: id, version, ...causeOf(actor, call), data } as const;
    const seen = await keepDue(tx, { id, before, after: content, now, clock });
    const furtherKeys = await editionKeys(tx, id, seen);
    for (const one of eventsOf({ id, event: plan.event, ...seen, furtherKeys }))
      await recordEvent(tx, { ...event, ...one });
    const ofSlug = await slugWarnings(tx.read, { id, before, after: content }, viewerOf(actor));
    return { id, version, warnings: [...warnings, ...ofClaim, ...ofSlug] };
  };

  const lock = async (tx: Tx, actor: Actor, segment: string, theirs = false): Promise<Stored> => {
    const ref = refOf(segment);
    const viewer: Viewer = theirs ? { ...viewerOf(actor), audience: 'desk' } : viewerOf(actor);
    const stored = await reads.lockArticle(tx, ref, viewer);
    if (stored === null) throw absence(await findElsewhere(tx.read, ref, viewer));
    return stored;
  };

  const checkVersion = async (tx: Tx, stored: Stored, ifMatch: Precondition): Promise<void> => {
    if (!holds(ifMatch, stored.version)) throw await staleArticle(tx, stored, ifMatch, publicUrl);
  };

  const create = async (tx: Tx, actor: Actor, made: NewArticle): Promise<ChangeResult> => {
    checkKeyReach(actor, made.decision.content);
    checkContent(made.decision.content, made.now);
    return write(tx, { ...made, before: null, version: 1, actor });
  };

  const change = async (tx: Tx, number: number, of: ChangeOf, plan: Plan): Promise<ChangeResult> => {
    const { actor, segment, ifMatch, call, theirs } = of;
    const stored = await lock(tx, actor, segment, theirs);
    plan.checkMay(stored);
    checkKeyReach(actor, stored);
    await checkVersion(tx, stored, ifMatch);
    const before = contentOf(stored);
    const decided = await plan.decide(stored, tx, number);
    const decision = { ...decided, content: ofItem(before, decided.content) };
    const { id, now, version } = stored;
    checkContent(decision.content, now, plan.named);
    const isRecorded = plan.evenUnchanged === true || plan.note !== null;
    if (!isRecorded && changedMembers(before, decision.content).length === 0) {
      await decision.recordAlone?.();
      return { id, version, warnings: decision.warnings };
    }
    checkKeyReach(actor, decision.content);
    return write(tx, { id, before, version: version + 1, decision, plan, actor, call, now });
  };

  const readBack = async (tx: Tx, actor: Actor, { id, warnings }: ChangeResult): Promise<WrittenArticle> => {
    const { json, version } = await writes.readWrittenArticle(tx, id, viewerOf(actor));
    return { id, json, version, warnings };
  };

  /** Both writes. Each transaction ends with `after`, which makes what is returned. */
  const inTransaction = <Result>(
    after: (tx: Tx, actor: Actor, result: ChangeResult) => Promise<Result>,
  ): Writes<Result> => ({
    create: (actor, prepare) =>
      numbered(actor, async (tx, number) => after(tx, actor, await create(tx, actor, await prepare(tx, number)))),
    change: (of, plan) =>
      numbered(
        of.actor,
        async (tx, number) => after(tx, of.actor, await change(tx, number, of, plan)),
        isId(of.segment) ? [articleTurn(of.segment)] : [],
      ),
  });

  return {
    ...inTransaction(readBack),
    unread: inTransaction(async (_tx, _actor, result) => result),
    readBack,
    lock,
    peek: reads.findStored,
    takenSlugs: reads.findTakenSlugs,
    lockTogether: reads.lockTogether,
    checkVersion,
    since: (tx, article, earlier) => changesSince(tx, article, earlier, publicUrl),
    async relations(tx, body) {
      const sources = await holdLabels(tx, 'sources', body.source ? [body.source] : []);
      const tags = await holdLabels(tx, 'tags', body.tags ?? []);
      return {
        sourceId: body.source ? (resolveRefs([body.source], sources, () => '/source', 'source')[0] ?? null) : null,
        tagIds: resolveRefs(body.tags ?? [], tags, (index) => `/tags/${index}`, 'tag'),
      };
    },
  };
}
