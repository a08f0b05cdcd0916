import type { WrittenArticle } from '../../article/change/article-changes.ts';
import { Failure } from '../../core/errors.ts';

/** What becomes of the operations of a bulk, and what a failure means for the others. */

/** The outcome of one operation; `broken`: by an error of ours. */
export type Outcome = { done: WrittenArticle; status: 200 | 201 | 204 } | { failed: Failure } | { broken: true };

export const isDone = (outcome: Outcome): boolean => 'done' in outcome;

export const isCallerGone = (thrown: unknown) => thrown instanceof Failure && thrown.kind === 'Unauthenticated';
/**
 * Whether the failure affects the other operations too: an outage, an error of ours, or an account that was removed
 * meanwhile. A row that is locked (`isBusy`) affects only this operation.
 */
export const hitsAll = (thrown: unknown) =>
  !(thrown instanceof Failure) || thrown.kind === 'Unavailable' || isCallerGone(thrown);
export const isBusy = (thrown: unknown) => thrown instanceof Failure && thrown.extras.outage === 'busy';
export const mayHaveHappened = (thrown: unknown) => thrown instanceof Failure && thrown.code === 'outcome-unknown';
