import { z } from 'zod';
import { type Day, dayRange, parseDay, parseInstant, yearMax, yearMin } from '../../core/time.ts';

/** The value of a filter by time: an instant, or a day in the newsroom's time zone. */
export type DayOrInstant = { readonly day: Day } | { readonly at: Date };

export const dayOrInstant = () =>
  z
    .string()
    .transform((value, context): DayOrInstant => {
      const day = parseDay(value);
      if (day !== undefined) return { day };
      const at = parseInstant(value);
      if (at !== undefined) return { at };
      const plus = / \d\d:\d\d$/.test(value) ? ' Write the + of the offset as %2B.' : '';
      context.addIssue({
        code: 'custom',
        message: `Use a date, as 2026-03-01, or an RFC 3339 date-time with an offset, in a year from ${yearMin} to ${yearMax}.${plus}`,
      });
      return z.NEVER;
    })
    .meta({ type: 'string', example: '2026-03-01' });

/** The first instant of a range that begins here. */
export const rangeFrom = (value: DayOrInstant, timeZone: string): Date =>
  'at' in value ? value.at : dayRange(value.day, timeZone).from;

/** The first instant after a range that ends here. A day is included whole. */
export const rangeTo = (value: DayOrInstant, timeZone: string): Date =>
  'at' in value ? value.at : dayRange(value.day, timeZone).to;
