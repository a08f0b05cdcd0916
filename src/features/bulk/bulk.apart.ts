import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { Failure } from '../../core/errors.ts';
import { creationsFrom } from './bulk.creations.ts';
import { notTried } from './bulk.failures.ts';
import { isBusy, isCallerGone, isDone, mayHaveHappened, type Outcome } from './bulk.outcomes.ts';
import type { BulkElement } from './bulk.schema.ts';

export type Run = { actor: Actor; elements: readonly BulkElement[]; call: Call };

export type Apart = {
  /** Does one operation. Throws failures that affect the others too. */
  attempt(run: Run, element: BulkElement, index: number): Promise<Outcome>;
  /** Runs `work`, which makes the articles of a group, in one transaction. */
  making(run: Run, group: readonly BulkElement[], work: () => Promise<Outcome[]>): Promise<Outcome[]>;
};

/** Thrown where the articles of a group cannot all be made, to take back those that were. */
export class CannotAll extends Error {
  override readonly name = 'CannotAll';
}

/**
 * Runs operations that are each a change of its own. Creations that follow one another are stored in one transaction, which
 * takes half the time; if one of them fails, the transaction is taken back and each is made alone. Once something is done,
 * an operation that cannot be served gets a failure as its outcome.
 */
export function doneApart({ attempt, making }: Apart): (run: Run) => Promise<Outcome[]> {
  /** Null if not all can be made. Throws only if it is not known whether they were. */
  const makeTogether = async (run: Run, group: readonly BulkElement[], from: number): Promise<Outcome[] | null> => {
    const make = async () => {
      const outcomes: Outcome[] = [];
      for (const [index, element] of group.entries()) {
        const outcome = await attempt(run, element, from + index);
        if (!isDone(outcome)) throw new CannotAll();
        outcomes.push(outcome);
      }
      return outcomes;
    };
    try {
      return await making(run, group, make);
    } catch (thrown) {
      if (mayHaveHappened(thrown)) throw thrown;
      return null;
    }
  };

  return async (run) => {
    const outcomes: Outcome[] = [];
    let goesOn = true;
    /** Adds the outcomes of operations. Returns false, and adds none, for a group that cannot be done as a whole. */
    const add = async (elements: readonly BulkElement[], work: (from: number) => Promise<Outcome[] | null>) => {
      try {
        const done = goesOn ? await work(outcomes.length) : elements.map(() => ({ failed: notTried() }));
        outcomes.push(...(done ?? []));
        return done !== null;
      } catch (thrown) {
        if (!outcomes.some(isDone) && !mayHaveHappened(thrown)) throw thrown;
        if (!isCallerGone(thrown)) run.call.report(thrown);
        outcomes.push(
          ...elements.map(() => (thrown instanceof Failure ? { failed: thrown } : { broken: true as const })),
        );
        goesOn = isBusy(thrown);
        return true;
      }
    };
    while (outcomes.length < run.elements.length) {
      const group = creationsFrom(run.elements, outcomes.length);
      if (group.length > 1 && (await add(group, (from) => makeTogether(run, group, from)))) continue;
      const each = group.length > 1 ? group : run.elements.slice(outcomes.length, outcomes.length + 1);
      for (const element of each) await add([element], async (from) => [await attempt(run, element, from)]);
    }
    return outcomes;
  };
}
