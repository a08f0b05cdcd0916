import type { Written } from '../../article/body/bodies.ts';
import type { ArticleChanges, WrittenArticle } from '../../article/change/article-changes.ts';
import { checkMayTry } from '../../article/lifecycle.ts';
import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { Failure, invalidInput, unprocessable } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { readRef } from '../../core/ref.ts';
import { articleTurn, slugTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import { uniqueViolation } from '../../db/errors.ts';
import type { Tx } from '../../db/tx.ts';
import { readIfMatch } from '../../http/conditional.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import { type Apart, CannotAll, doneApart, type Run } from './bulk.apart.ts';
import { newArticles } from './bulk.creations.ts';
import { failedAt, inWhole } from './bulk.failures.ts';
import { hitsAll, type Outcome } from './bulk.outcomes.ts';
import type { BulkBody, BulkElement, BulkOperation } from './bulk.schema.ts';
import { watchSwaps } from './bulk.swaps.ts';

export type BulkService = {
  /**
   * Runs the operations in order, each with its own outcome. An atomic body is all or nothing: it throws a 422 that names
   * the first operation that fails, and leaves no row, revision or event. Throws what affects all operations if none is
   * done yet, or if all share one transaction.
   */
  run(actor: Actor, body: BulkBody, call: Call): Promise<Outcome[]>;
};

/** The article bodies that an element contains. */
export function writtenIn(element: BulkElement): Written[] {
  if (!('operation' in element)) return [];
  const { operation } = element;
  if (operation.op === 'create') return [operation.body];
  return operation.op === 'update' ? [{ ...operation.body, of: { segment: operation.id } }] : [];
}

const statusOf = ({ op }: BulkOperation) => (op === 'create' ? 201 : op === 'trash' ? 204 : 200);

export type BulkParts = { db: Db; changes: ArticleChanges; articles: ArticleWriting };

export function bulkService({ db, changes, articles }: BulkParts): BulkService {
  const perform = (actor: Actor, operation: BulkOperation, call: Call): Promise<WrittenArticle> => {
    if (operation.op === 'create') return articles.create(actor, operation.body, call);
    const of = { actor, segment: operation.id, ifMatch: readIfMatch(operation.ifMatch), call };
    if (operation.op === 'update') return articles.update(of, operation.body);
    return articles.step(of, operation.op, operation.body);
  };

  /** Returns the outcome of an operation that is done or refused. Throws failures that affect the others too. */
  const attempt = async ({ actor, call }: Run, element: BulkElement, index: number): Promise<Outcome> => {
    try {
      checkMayTry('faults' in element ? element.op : element.operation.op, actor);
      if ('faults' in element) throw invalidInput(element.faults, 'The operation has faults; see errors.');
      const { operation } = element;
      return { done: await perform(actor, operation, call), status: statusOf(operation) };
    } catch (thrown) {
      if (!(thrown instanceof Failure) || hitsAll(thrown)) throw thrown;
      return { failed: inWhole(thrown, index, 'faults' in element ? '' : '/body') };
    }
  };

  const idsOf = (elements: readonly BulkElement[]) =>
    elements.flatMap((one) => ('operation' in one && 'id' in one.operation ? [one.operation.id] : []));

  /** What all operations will lock, as far as it is known before they begin. They count as long work. */
  const asked = ({ elements }: Run) => ({
    turns: [
      ...idsOf(elements).filter(isId).map(articleTurn),
      ...newArticles(elements).flatMap(({ slug }) => (slug === '' ? [] : slugTurn(slug))),
    ],
    size: 'long' as const,
  });

  /** Returns whether every label is there that new articles name, and every slug free that they are given. */
  const lookAll = async (tx: Tx, elements: readonly BulkElement[]) => {
    const news = newArticles(elements);
    return news.length < 2 || (await changes.lookTogether(tx, news));
  };

  const lockAll = async (tx: Tx, { elements }: Run) => {
    await changes.lockTogether(tx, idsOf(elements).map(readRef));
    await lookAll(tx, elements);
  };

  const allOrNothing = (run: Run) =>
    db.transaction(
      async (tx) => {
        const { elements } = run;
        await lockAll(tx, run);
        const swaps = watchSwaps(tx, elements);
        const outcomes: Outcome[] = [];
        for (const [index, element] of elements.entries()) {
          const outcome = await attempt(run, await swaps.before(element, index), index);
          if ('failed' in outcome) throw failedAt(elements, index, outcome.failed);
          outcomes.push(outcome);
          await swaps.after(index === elements.length - 1).catch(taken);
        }
        return outcomes;
      },
      { ...asked(run), whole: true },
    );

  /** For an Idempotency-Key, everything is one transaction: an operation that cannot be served undoes all. */
  const together = (run: Run) =>
    db.transaction(async (tx) => {
      const outcomes: Outcome[] = [];
      await lockAll(tx, run);
      for (const [index, element] of run.elements.entries()) outcomes.push(await attempt(run, element, index));
      return outcomes;
    }, asked(run));

  /** One transaction for articles that are made one after the other. Throws if it is plain that one cannot be made. */
  const making: Apart['making'] = (run, group, work) =>
    db.transaction(
      async (tx) => {
        if (!(await lookAll(tx, group))) throw new CannotAll();
        return work();
      },
      { ...asked({ ...run, elements: group }), whole: true },
    );
  const apart = doneApart({ attempt, making });

  return {
    async run(actor, { operations: elements, atomic = false }, call) {
      const run = { actor, elements, call };
      if (atomic) return allOrNothing(run);
      return call.keyed ? together(run) : apart(run);
    },
  };
}

function taken(thrown: unknown): never {
  if (uniqueViolation(thrown) === undefined) throw thrown;
  throw unprocessable('bulk-failed', 'Two articles would have the same slug, so that nothing was changed.');
}
