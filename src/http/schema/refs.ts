import { z } from 'zod';
import { type LabelRef, readLabelRef } from '../../core/label-ref.ts';
import { type Ref, readRef } from '../../core/ref.ts';
import { slugCodePointsMax } from '../../core/slug.ts';

const refBy = <Named>(read: (value: string) => Named | null, what: string) =>
  z
    .string()
    .max(slugCodePointsMax * 4)
    .transform((value, context): Named => {
      const named = read(value);
      if (named !== null) return named;
      context.addIssue({ code: 'custom', message: `Use ${what}.` });
      return z.NEVER;
    })
    .meta({ type: 'string', description: `${what[0]?.toUpperCase()}${what.slice(1)}.` });

/** An article named by its id, or its slug in any spelling or case. */
export const ref = () => refBy<Ref>(readRef, 'an id (in lower case) or a slug');

/** A tag or source named by its id, its slug in any spelling or case, or a name that no slug stands for. */
export const labelRef = () =>
  refBy<LabelRef>(readLabelRef, 'an id (in lower case), a slug or a name').meta({ example: 'reuters' });
