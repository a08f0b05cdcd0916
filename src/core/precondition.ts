import { Failure, preconditionRequired, stale } from './errors.ts';

/**
 * What `If-Match` asks for: nothing was sent, anything, or one of these versions (empty: tags that are not ours, or `weak`).
 * `unless`: what `If-None-Match` of a write names, so that nothing is done where that is there.
 */
export type Precondition = { readonly unless?: 'any' | readonly number[] } & (
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'versions'; readonly versions: readonly number[]; readonly weak: boolean }
);

/** Whether a condition was sent. */
export const asks = ({ kind, unless }: Precondition): boolean => kind !== 'none' || unless !== undefined;

const weakTag = 'A weak tag (W/"…") matches nothing in If-Match; send the version alone, as "3".';

export const preconditionFailed = (detail: string, members = {}) =>
  new Failure('Stale', 'precondition-failed', detail, { members });

function checkAbsent({ unless }: Precondition, currentVersion: number): void {
  if (unless !== 'any' && !unless?.includes(currentVersion)) return;
  throw preconditionFailed('If-None-Match names what is there, so that nothing was done.', { currentVersion });
}

/** Whether the version that is there is one that is asked for. Throws 428 without a condition. */
export function holds(condition: Precondition, currentVersion: number): boolean {
  if (condition.kind === 'none') throw preconditionRequired();
  // A proxy that compresses makes tags weak: a client that reads again and repeats would never come through.
  if (condition.kind === 'versions' && condition.weak) throw stale(currentVersion, weakTag);
  if (condition.kind === 'versions' && !condition.versions.includes(currentVersion)) return false;
  checkAbsent(condition, currentVersion);
  return true;
}

/** Throws 428 without a condition, 412 with the current version where it does not hold. */
export function checkPrecondition(condition: Precondition, currentVersion: number): void {
  if (!holds(condition, currentVersion)) throw stale(currentVersion);
}

/** The same where none is needed. `currentVersion` is null where the call is about nothing that is there yet. */
export function checkCondition(condition: Precondition, currentVersion: number | null): void {
  if (currentVersion === null) {
    if (condition.kind !== 'none')
      throw preconditionFailed('If-Match is for what is there already; this call is about nothing that is.');
  } else if (condition.kind === 'none') checkAbsent(condition, currentVersion);
  else checkPrecondition(condition, currentVersion);
}
