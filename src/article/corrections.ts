import { bodyFault, invalidInput, unprocessable } from '../core/errors.ts';
import { type Content, type Correction, wasPublic } from './content.ts';

/** What readers are told about changes. Pure. */

/** A new correction; or new words for the existing one that `correctionAt` names; or only that the article was modified. */
export type ReaderNotes = {
  correction?: string | undefined;
  correctionAt?: Date | undefined;
  modified?: true | undefined;
};

/** Throws 422 `never-public` if readers are to be told about a change to an article that they never saw. */
function checkReaderNotes(before: Content, { correction, modified }: ReaderNotes, now: string): void {
  if ((correction === undefined && modified === undefined) || wasPublic(before, now)) return;
  const why = 'Readers have not seen this article yet, so that there is nothing to tell them of a change.';
  throw unprocessable('never-public', why, [
    ...(correction === undefined ? [] : [bodyFault('/correction', 'Leave it out until the article was public.')]),
    ...(modified === undefined ? [] : [bodyFault('/modified', 'Leave it out until the article was public.')]),
  ]);
}

/**
 * Gives the correction at this instant new words. Throws 400 if the words are missing, and 422 `unknown-correction` if
 * there is no correction at this instant.
 */
function reworded(corrections: readonly Correction[], text: string | undefined, at: string): readonly Correction[] {
  if (text === undefined)
    throw invalidInput([bodyFault('/correction', 'Send the text that the correction is to have.')]);
  if (corrections.some((one) => one.at === at)) return corrections.map((one) => (one.at === at ? { at, text } : one));
  const detail = 'There is no correction of this instant; name the `at` of one.';
  throw unprocessable('unknown-correction', detail, [bodyFault('/correctionAt', detail)]);
}

/** The instant of a new correction. It identifies the correction, so it is at least a millisecond after the last one. */
function instantAfter(corrections: readonly Correction[], now: string): string {
  const last = corrections.at(-1)?.at ?? '';
  return last < now ? now : new Date(Date.parse(last) + 1).toISOString();
}

/**
 * The corrections and the date of change that readers see (`modifiedAt`), after a change. A new correction is added to the
 * others and sets the date, and so does `modified` alone. New words for an existing correction do not set it. Throws 400
 * and 422 as above.
 */
export function corrected(
  before: Content,
  readerNotes: ReaderNotes,
  now: string,
): Pick<Content, 'modifiedAt' | 'corrections'> {
  const { correction, correctionAt, modified } = readerNotes;
  checkReaderNotes(before, readerNotes, now);
  if (correctionAt !== undefined) {
    const corrections = reworded(before.corrections, correction, correctionAt.toISOString());
    return { corrections, modifiedAt: modified === undefined ? before.modifiedAt : now };
  }
  const corrections =
    correction === undefined
      ? before.corrections
      : [...before.corrections, { at: instantAfter(before.corrections, now), text: correction }];
  return { corrections, modifiedAt: correction === undefined && modified === undefined ? before.modifiedAt : now };
}
