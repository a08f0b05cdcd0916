import { z } from 'zod';
import { identityKey } from '../core/identity-key.ts';
import { text } from '../http/schema/values.ts';

/** The schemas that requests of tags and of sources share. */

export const uniqueName =
  'Unique, whatever its case and spelling: joiners, apostrophes, variation selectors and full-width forms make no other name, punctuation does.';

/** A name with something to see in it: joiners and apostrophes alone do not distinguish names. */
export const labelName = () =>
  text({ max: 200 }).check(
    z.refine((value) => value === '' || identityKey(value) !== '', { error: 'Use letters or digits.' }),
  );

/** An optional text: an empty one becomes null. */
export const clearable = (max: number, multiline = false) =>
  text({ max, min: 0, multiline })
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .optional();
