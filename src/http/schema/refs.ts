import { z } from 'zod';
import { type LabelRef, readLabelRef } from '../../core/label-ref.ts';
import { type Ref, readRef } from '../../core/ref.ts';
import { slugCodePointsMax } from '../../core/slug.ts';
import { readText } from '../../core/text.ts';

const refMax = slugCodePointsMax * 4;

/** Measured as every text is, after cleaning: a name may be twice as long as it is kept in what a keyboard sends. */
function isTooLong(value: string): boolean {
  // NFC makes no text more than three times as long.
  if (value.length * 3 <= refMax) return false;
  const text = readText(value, 'line');
  return 'text' in text && text.codePoints > refMax;
}

const refBy = <Named>(read: (value: string) => Named | null, what: string) =>
  z
    .string()
    .transform((value, context): Named => {
      const isLong = isTooLong(value);
      const named = isLong ? null : read(value);
      if (named !== null) return named;
      context.addIssue({ code: 'custom', message: isLong ? `Use at most ${refMax} characters.` : `Use ${what}.` });
      return z.NEVER;
    })
    .meta({
      type: 'string',
      minLength: 1,
      maxLength: refMax,
      description: `${what[0]?.toUpperCase()}${what.slice(1)}.`,
    });

/** An article named by its id, or its slug in any spelling or case. */
export const ref = () => refBy<Ref>(readRef, 'an id (in lower case) or a slug');

/** A tag or source named by its id, its slug in any spelling or case, or a name that no slug stands for. */
export const labelRef = () =>
  refBy<LabelRef>(readLabelRef, 'an id (in lower case), a slug or a name').meta({ example: 'reuters' });
