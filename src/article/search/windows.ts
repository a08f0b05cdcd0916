import { monthOf, periodsBetween, startOfMonth } from './keys.ts';

/** A search goes back through time in windows, so that a common word costs no more than its newest matches. */

export type Window = {
  /** The keys of the periods that it is made of. */
  keys: readonly string[];
  /** The first instant of its oldest month. */
  from: Date;
};

/** Whole periods of this many months, once the newest year has been looked through. */
const wholeMonths = 16;

/** The months of the windows that come first: the newest month, then the quarter and the year before it. */
const firstMonths = [1, 3, 12] as const;

/** The window of this number that begins, from its newer end, with the month of `newest`. */
export function windowAt(number: number, newest: Date): Window {
  const last = monthOf(newest);
  const months = firstMonths[number];
  const first = months === undefined ? last - (last % wholeMonths) : last - months + 1;
  return { keys: periodsBetween(first, last), from: startOfMonth(first) };
}
