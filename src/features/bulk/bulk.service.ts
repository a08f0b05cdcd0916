import type { Actor } from '../../core/actor.ts';
import { Failure, type Fault, unprocessable } from '../../core/errors.ts';
import { readRef } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import { uniqueViolation } from '../../db/errors.ts';
import { readIfMatch } from '../../http/conditional.ts';
import type { Call } from '../../http/endpoint.ts';
import type { Written } from '../articles/articles.bodies.ts';
import type { ArticleChanges, WrittenArticle } from '../articles/articles.changes.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import type { BulkBody, BulkOperation } from './bulk.schema.ts';
import { watchSwaps } from './bulk.swaps.ts';

/** What became of one operation. */
export type Outcome = { done: WrittenArticle; made: boolean } | { failed: Failure };

export type BulkService = {
  /**
   * Each operation in order, with an outcome of its own; or, where the body asks for it, all of them or none: the first
   * that fails is then named in a 422, and no row, revision or event is left.
   */
  run(actor: Actor, body: BulkBody, call: Call): Promise<Outcome[]>;
};

/** The bodies that an operation brings. */
export function writtenIn(operation: BulkOperation): Written[] {
  if (operation.op === 'create') return [operation.body];
  return operation.op === 'update' ? [{ ...operation.body, of: { segment: operation.id } }] : [];
}

const idOf = (operation: BulkOperation | undefined) => (operation && 'id' in operation ? operation.id : undefined);

/**
 * The failure of a whole that was to be all or nothing, with what was said of the one that failed. Of an article that an
 * operation before had changed, and that is now what it was, nothing besides.
 */
function failedAt(operations: readonly BulkOperation[], index: number, failure: Failure): Failure {
  const id = idOf(operations[index]);
  const changed = id !== undefined && operations.slice(0, index).some((before) => idOf(before) === id);
  const { code, message, extras } = failure;
  const pointer = `/operations/${index}`;
  // The one header of a call alone is a member of an operation.
  const within = ({ in: place, pointer: at, detail: what }: Fault): Fault => ({
    in: 'body',
    pointer: place === 'header' ? `${pointer}/ifMatch` : `${pointer}/body${at}`,
    detail: what,
  });
  const errors: Fault[] = [
    { in: 'body', pointer, detail: `${code}: ${message}` },
    ...(extras.errors ?? []).map(within),
  ];
  const members = { ...(changed ? {} : extras.members), operation: { index, code, detail: message } };
  const detail = 'An operation failed, so that nothing was changed.';
  return new Failure('Unprocessable', 'bulk-failed', detail, { errors, members });
}

export type BulkParts = { db: Db; changes: ArticleChanges; articles: ArticleWriting };

export function bulkService({ db, changes, articles }: BulkParts): BulkService {
  const perform = (actor: Actor, operation: BulkOperation, call: Call): Promise<WrittenArticle> => {
    if (operation.op === 'create') return articles.create(actor, operation.body, call);
    const of = { actor, segment: operation.id, ifMatch: readIfMatch(operation.ifMatch), call };
    if (operation.op === 'update') return articles.update(of, operation.body);
    return articles.step(of, operation.op, operation.body);
  };

  const attempt = async (actor: Actor, operation: BulkOperation, call: Call): Promise<Outcome> => {
    try {
      return { done: await perform(actor, operation, call), made: operation.op === 'create' };
    } catch (thrown) {
      // What hits one operation hits the others too: the whole call is to be repeated.
      if (!(thrown instanceof Failure) || thrown.kind === 'Unavailable') throw thrown;
      return { failed: thrown };
    }
  };

  const all = (actor: Actor, operations: readonly BulkOperation[], call: Call) =>
    db.transaction(async (tx) => {
      const refs = operations.map((operation) => ('id' in operation ? readRef(operation.id) : null));
      await changes.lockTogether(tx, refs);
      const swaps = watchSwaps(tx, operations);
      const outcomes: Outcome[] = [];
      for (const [index, operation] of operations.entries()) {
        const outcome = await attempt(actor, await swaps.before(operation, index), call);
        if ('failed' in outcome) throw failedAt(operations, index, outcome.failed);
        outcomes.push(outcome);
        await swaps.after(index === operations.length - 1).catch(taken);
      }
      return outcomes;
    });

  return {
    async run(actor, { operations, atomic = false }, call) {
      if (atomic) return all(actor, operations, call);
      const outcomes: Outcome[] = [];
      for (const operation of operations) outcomes.push(await attempt(actor, operation, call));
      return outcomes;
    },
  };
}

function taken(thrown: unknown): never {
  if (uniqueViolation(thrown) === undefined) throw thrown;
  throw unprocessable('bulk-failed', 'Two articles would have the same slug, so that nothing was changed.');
}
