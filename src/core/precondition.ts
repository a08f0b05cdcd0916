import { Failure, preconditionRequired, stale } from './errors.ts';

/**
 * `If-Match`: `none` if not sent, `any` for `*`, else one of these versions. No versions: the tags are not ours, or all are
 * weak (`weak`). `unless` is the `If-None-Match` of a write: the write is refused if the thing has one of these versions.
 */
export type Precondition = { readonly unless?: 'any' | readonly number[] } & (
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'versions'; readonly versions: readonly number[]; readonly weak: boolean }
);

const weakTag = 'A weak tag (W/"…") matches nothing in If-Match; send the version alone, as "3".';

export const preconditionFailed = (detail: string, members = {}) =>
  new Failure('Stale', 'precondition-failed', detail, { members });

function checkAbsent({ unless }: Precondition, currentVersion: number): void {
  if (unless !== 'any' && !unless?.includes(currentVersion)) return;
  throw preconditionFailed('If-None-Match names what is there, so that nothing was done.', { currentVersion });
}

/**
 * Whether `If-Match` names the current version. Throws 428 if it was not sent, and 412 if all its tags are weak or
 * `If-None-Match` names the current version.
 */
export function holds(condition: Precondition, currentVersion: number): boolean {
  if (condition.kind === 'none') throw preconditionRequired();
  // A compressing proxy makes tags weak. A client that only reads again and repeats the call would never succeed.
  if (condition.kind === 'versions' && condition.weak) throw stale(currentVersion, weakTag);
  if (condition.kind === 'versions' && !condition.versions.includes(currentVersion)) return false;
  checkAbsent(condition, currentVersion);
  return true;
}

/** Throws 428 without a condition, 412 with the current version where it does not hold. */
export function checkPrecondition(condition: Precondition, currentVersion: number): void {
  if (!holds(condition, currentVersion)) throw stale(currentVersion);
}

/** The same, but the condition is optional. `currentVersion` is null if the call is about nothing that exists yet. */
export function checkCondition(condition: Precondition, currentVersion: number | null): void {
  if (currentVersion === null) {
    if (condition.kind !== 'none')
      throw preconditionFailed('If-Match is for what is there already; this call is about nothing that is.');
  } else if (condition.kind === 'none') checkAbsent(condition, currentVersion);
  else checkPrecondition(condition, currentVersion);
}
