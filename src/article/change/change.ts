import { type Actor, causeOf } from '../../core/actor.ts';
import { isId } from '../../core/ids.ts';
import { keyOfLabel, type LabelRef } from '../../core/label-ref.ts';
import { holds, type Precondition } from '../../core/precondition.ts';
import { refOf } from '../../core/ref.ts';
import { articleTurn, slugTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import { nextFree, withFreeSlug } from '../../db/free-slug.ts';
import type { Tx } from '../../db/tx.ts';
import { checkContent, resolveRefs } from '../checks.ts';
import { changedFields, changedMembers, contentOf, ofItem, type Stored } from '../content.ts';
import { checkKeyReach } from '../lifecycle.ts';
import type { LabelTable } from '../read/label-names.ts';
import { absence, findElsewhere, type Viewer } from '../read/page.ts';
import { callerOf } from '../read/visible.ts';
import { changesEntry, entryOf } from '../search/entry.ts';
import type { Stems } from '../search/stems.ts';
import { warning } from '../warnings.ts';
import type { ArticleChanges, ChangeResult, Writes, WrittenArticle } from './article-changes.ts';
import { claimItem } from './claim-item.ts';
import { dueOf, keysOfNear, passTime } from './due.ts';
import { checkEdition, shownStory } from './editions.ts';
import { eventsOf } from './events.ts';
import { type HeldLabels, type LabelRefs, lookBeforeNew, noLabels, type TakenArticle, takeArticle } from './looks.ts';
import { openLooksTogether } from './looks-together.ts';
import type { ChangeOf, Checked, Making, NamedLabels, Plan, Related } from './plan.ts';
import * as reads from './reads.ts';
import { changesSince, staleArticle } from './stale.ts';
import { namingTaken } from './taken.ts';
import { takesSlug } from './warnings.ts';
import { readWrittenArticle, writeArticle } from './writes.ts';

/** What was stored. `json`: the article as it is afterwards, null if it was not asked for or nothing was stored. */
type Outcome = ChangeResult & { json: string | null };

const refsOf = ({ source, tags }: NamedLabels): LabelRefs => ({ source: source ?? null, tags: tags ?? [] });

export type ChangeParts = {
  db: Db;
  publicUrl: string;
  stems: Stems;
  /** The tags or sources that references name, by `keyOfLabel`. Locked against removal until the transaction ends. */
  holdLabels(tx: Tx, table: LabelTable, refs: readonly LabelRef[]): Promise<ReadonlyMap<string, { id: string }>>;
};

export function articleChanges({ db, publicUrl, stems, holdLabels }: ChangeParts): ArticleChanges {
  const viewerOf = (actor: Actor) => ({ ...callerOf(actor), publicUrl });
  const together = openLooksTogether();
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

  /** The labels that a body names: those that were found with the article, or, if some are missing, looked for once more. */
  const relatedOf = async (
    tx: Tx,
    { source, tags = [] }: NamedLabels,
    held: HeldLabels = noLabels,
  ): Promise<Related> => {
    const find = async (table: LabelTable, refs: readonly LabelRef[]) =>
      refs.every((ref) => held[table].has(keyOfLabel(ref))) ? held[table] : await holdLabels(tx, table, refs);
    const sources = source ? resolveRefs([source], await find('sources', [source]), () => '/source', 'source') : [];
    const tagIds = resolveRefs(tags, await find('tags', tags), (index) => `/tags/${index}`, 'tag');
    return { sourceId: sources[0] ?? null, tagIds };
  };

  /** Stores a change inside the caller's transaction, all of it in one statement. */
  const write = async (tx: Tx, checked: Checked, answers: boolean): Promise<Outcome> => {
    const { id, createdById, before, version, decision, plan, actor, call, now, clock } = checked;
    const { content, warnings, derivedBase, dropsDraft = false } = decision;
    const viewer = viewerOf(actor);
    await checkEdition(tx, { id, before, after: content }, viewer);
    const ofClaim = await claimItem(tx, actor, before, content);
    together.took(tx, content.slug);
    const { due, seen } = dueOf(before, content, { now, clock });
    const changed = before === null ? [] : changedFields(before, content);
    const data = { slug: content.slug, status: content.status, changed, ...plan.data, ...decision.data };
    const event = { subjectType: 'article', subjectId: id, version, ...causeOf(actor, call), data } as const;
    const events = eventsOf({ id, event: plan.event, ...seen }).map((one) => ({ ...event, ...one }));
    const searched = before === null || changesEntry(before, content);
    const entry = searched ? await stems.with(tx.read, (stemOf) => entryOf({ ...content, createdById }, stemOf)) : null;
    const { json, takes } = await writeArticle(
      tx,
      {
        ...{ id, before, content, version, actorId: actor.userId, now, derivedBase, due, dropsDraft },
        revision: { step: plan.step, note: plan.note, changed },
        events,
        story: shownStory(id, seen),
        takesSlug: takesSlug(before, content),
        entry,
      },
      { viewer, answers },
    );
    tx.recorded(keysOfNear(content.storyId ?? id, due, clock));
    const ofSlug = takes ? [warning('takes-redirect', content.slug)] : [];
    return { id, version, json, warnings: [...warnings, ...ofClaim, ...ofSlug] };
  };

  const take = async (
    tx: Tx,
    { actor, segment, theirs = false }: Pick<ChangeOf, 'actor' | 'segment' | 'theirs'>,
    labels: NamedLabels = {},
  ): Promise<TakenArticle> => {
    const ref = refOf(segment);
    const viewer: Viewer = theirs ? { ...viewerOf(actor), audience: 'desk' } : viewerOf(actor);
    const taken = await takeArticle(tx, ref, viewer, refsOf(labels));
    if (taken === null) throw absence(await findElsewhere(tx.read, ref, viewer));
    return taken;
  };

  const checkVersion = async (tx: Tx, stored: Stored, ifMatch: Precondition): Promise<void> => {
    if (!holds(ifMatch, stored.version)) throw await staleArticle(tx, stored, ifMatch, publicUrl);
  };

  /** The slug with the first number that is free, with what else was looked up. */
  const lookAhead = async (tx: Tx, { slugOf, labels }: Making, number: number) => {
    const first = slugOf(number);
    tx.turn(slugTurn(first.slug));
    const refs = refsOf(labels);
    const looked = together.found(tx, first.slug, refs) ?? (await lookBeforeNew(tx, first.slug, refs));
    if (!looked.slugTaken || first.base === null) return { ...looked, ...first };
    const free = await nextFree(first.base, (slugs) => reads.findTakenSlugs(tx.read, slugs));
    return { ...looked, ...slugOf(free) };
  };

  const create = async (tx: Tx, number: number, actor: Actor, making: Making, answers: boolean) => {
    const { now, held, slug, base } = await lookAhead(tx, making, number);
    const related = () => relatedOf(tx, making.labels, held);
    const decided = await making.decide({ now, slug, related });
    checkKeyReach(actor, decided.content);
    checkContent(decided.content, now);
    const decision = { ...decided, derivedBase: base };
    const { id, call, plan } = making;
    const made = { actor, createdById: actor.userId, before: null, version: 1 };
    return write(tx, { id, call, plan, decision, now, clock: now, ...made }, answers);
  };

  const change = async (tx: Tx, number: number, of: ChangeOf, plan: Plan, answers: boolean): Promise<Outcome> => {
    const { actor, ifMatch, call } = of;
    const taken = of.taken ?? (await take(tx, of, plan.labels));
    const { stored } = taken;
    plan.checkMay(stored);
    checkKeyReach(actor, stored);
    await checkVersion(tx, stored, ifMatch);
    const before = contentOf(stored);
    const related = () => relatedOf(tx, plan.labels ?? {}, taken.held);
    const decided = await plan.decide(stored, { tx, number, related });
    const decision = { ...decided, content: ofItem(before, decided.content) };
    const { id, now, version } = stored;
    checkContent(decision.content, now, plan.named);
    const isRecorded = plan.evenUnchanged === true || plan.note !== null;
    if (!isRecorded && changedMembers(before, decision.content).length === 0) {
      await decision.recordAlone?.();
      return { id, version, json: null, warnings: decision.warnings };
    }
    checkKeyReach(actor, decision.content);
    const clock = taken.dueSoon ? await passTime(tx, [id]) : taken.clock;
    const { createdById } = stored;
    const next = { before, version: version + 1, createdById };
    return write(tx, { id, decision, plan, actor, call, now, clock, ...next }, answers);
  };

  const readBack = async (tx: Tx, actor: Actor, { id, warnings }: ChangeResult): Promise<WrittenArticle> => {
    const { json, version } = await readWrittenArticle(tx, id, viewerOf(actor));
    return { id, json, version, warnings };
  };

  /** Both writes. `finish` makes what is returned, inside the transaction. */
  const inTransaction = <Result>(
    answers: boolean,
    finish: (tx: Tx, actor: Actor, result: Outcome) => Promise<Result>,
  ): Writes<Result> => ({
    create: (actor, making) =>
      numbered(actor, async (tx, number) => finish(tx, actor, await create(tx, number, actor, making, answers))),
    change: (of, plan) =>
      numbered(
        of.actor,
        async (tx, number) => finish(tx, of.actor, await change(tx, number, of, plan, answers)),
        isId(of.segment) ? [articleTurn(of.segment)] : [],
      ),
  });

  return {
    ...inTransaction(true, async (tx, actor, { json, ...result }) =>
      json === null ? readBack(tx, actor, result) : { ...result, json },
    ),
    unread: inTransaction(false, async (_tx, _actor, { json: _, ...result }) => result),
    readBack,
    lock: async (tx, actor, segment) => (await take(tx, { actor, segment })).stored,
    peek: reads.findStored,
    takenSlugs: reads.findTakenSlugs,
    lockTogether: reads.lockTogether,
    lookTogether: (tx, news) =>
      together.look(
        tx,
        news.map(({ labels, ...of }) => ({ ...of, refs: refsOf(labels) })),
      ),
    lookedBefore: together.looked,
    checkVersion,
    since: (tx, article, earlier) => changesSince(tx, article, earlier, publicUrl),
    relations: (tx, body) => relatedOf(tx, body),
  };
}
