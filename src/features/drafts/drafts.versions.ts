import { type Place, staleIn } from '../../article/lifecycle.ts';
import { bodyFault, Failure, stale } from '../../core/errors.ts';
import { differencesOf, sidesOf } from './drafts.differences.ts';
import type { DraftRow } from './drafts.repository.ts';

/** The 412 for a draft that is not in the version that the caller has read. */

/** As `last changed by রিনা আখতার at 2026-11-25T10:00:00.000Z`. */
export function lastChange({ updated_by, updated_at }: DraftRow): string {
  const person: { name: string } | null = updated_by === null ? null : JSON.parse(updated_by);
  return `last changed ${person === null ? '' : `by ${person.name} `}at ${updated_at}`;
}

/**
 * 412 without a version to repeat the call with: a new draft from this call alone would be mistaken for the draft that was
 * read.
 */
export const draftGone = (whatNow = 'a new draft begins with its ETag.'): Failure =>
  new Failure(
    'Stale',
    'draft-gone',
    `The working draft that you have read is no more: it was published or discarded. Read the article; ${whatNow}`,
  );

const changedSince = 'The working draft has changed since';
/** For a caller who has read the article, but not its draft. */
export const begunSince = 'The article has a working draft already';

/** 412 with the version of the draft and its changes, so that a client can merge. */
export function staleDraft(row: DraftRow, place: Place, what = changedSince): Failure {
  const { hint, members } = staleIn(place);
  const detail = `${what}, ${lastChange(row)}.${hint} Read it and repeat the change on what it is now.`;
  return stale(row.version, detail, { ...members, draftChanges: differencesOf(sidesOf(row)).draftChanges });
}

/** The same failure, with a pointer to the version in the body. */
export const namedIn = (pointer: string, { kind, code, message, extras }: Failure): Failure =>
  new Failure(kind, code, message, {
    ...extras,
    errors: [bodyFault(pointer, 'This is not the draft of now.')],
  });
