import { bodyFault, invalidInput, unprocessable } from '../core/errors.ts';
import { type Content, type Correction, wasPublic } from './content.ts';

/** What readers are told of changes. Pure. */

/** A correction, new or in the place of the words of one that is there (`correctionAt`); or only that the article was modified. */
export type ReaderNotes = {
  correction?: string | undefined;
  correctionAt?: Date | undefined;
  modified?: true | undefined;
};

/** Throws 422 `never-public` where something is told of what readers never saw. */
function checkReaderNotes(before: Content, { correction, modified }: ReaderNotes, now: string): void {
  if ((correction === undefined && modified === undefined) || wasPublic(before, now)) return;
  const why = 'Readers have not seen this article yet, so that there is nothing to tell them of a change.';
  throw unprocessable('never-public', why, [
    ...(correction === undefined ? [] : [bodyFault('/correction', 'Leave it out until the article was public.')]),
    ...(modified === undefined ? [] : [bodyFault('/modified', 'Leave it out until the article was public.')]),
  ]);
}

/** Other words for a correction that is there. Throws 422 where there is none of that instant. */
function mended(corrections: readonly Correction[], text: string | undefined, at: string): readonly Correction[] {
  if (text === undefined)
    throw invalidInput([bodyFault('/correction', 'Send the text that the correction is to have.')]);
  if (corrections.some((one) => one.at === at)) return corrections.map((one) => (one.at === at ? { at, text } : one));
  const detail = 'There is no correction of this instant; name the `at` of one.';
  throw unprocessable('unknown-correction', detail, [bodyFault('/correctionAt', detail)]);
}

/** The instant of a new correction, by which it can be named: a millisecond later where one change follows in the same. */
function instantAfter(corrections: readonly Correction[], now: string): string {
  const last = corrections.at(-1)?.at ?? '';
  return last < now ? now : new Date(Date.parse(last) + 1).toISOString();
}

/**
 * A correction is added to those before it, and either sets the date of change that readers see; other words for one that
 * is there set none. Throws 400 and 422 as above.
 */
export function corrected(
  before: Content,
  readerNotes: ReaderNotes,
  now: string,
): Pick<Content, 'modifiedAt' | 'corrections'> {
  const { correction, correctionAt, modified } = readerNotes;
  checkReaderNotes(before, readerNotes, now);
  if (correctionAt !== undefined) {
    const corrections = mended(before.corrections, correction, correctionAt.toISOString());
    return { corrections, modifiedAt: modified === undefined ? before.modifiedAt : now };
  }
  const corrections =
    correction === undefined
      ? before.corrections
      : [...before.corrections, { at: instantAfter(before.corrections, now), text: correction }];
  return { corrections, modifiedAt: correction === undefined && modified === undefined ? before.modifiedAt : now };
}
