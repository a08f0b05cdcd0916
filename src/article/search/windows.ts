import { monthOf, periodsBetween, startOfMonth } from './keys.ts';

/** A search goes back through time in windows, so that a common word costs no more than its newest matches. */

export type Window = {
  /** The keys of the periods that it is made of. */
  keys: readonly string[];
  /** The first instant of its oldest month. */
  from: Date;
};

/** The first windows are at least so many months long; each ends with a whole period, so that few keys make it up. */
const firstWindows = [
  { monthsMin: 1, period: 1 },
  { monthsMin: 3, period: 4 },
  { monthsMin: 8, period: 16 },
] as const;
const wholePeriod = { monthsMin: 1, period: 16 } as const;

/**
 * The window of this number that begins, from its newer end, with the month of `newest`: a month, then some 4, some 12, and
 * whole periods of 16.
 */
export function windowAt(number: number, newest: Date): Window {
  const { monthsMin, period } = firstWindows[number] ?? wholePeriod;
  const last = monthOf(newest);
  const least = last - monthsMin + 1;
  const first = least - (least % period);
  return { keys: periodsBetween(first, last), from: startOfMonth(first) };
}

/** All that is older than the windows before, for words that hardly ever meet: one look costs no more than each window. */
export const allOlder: Window = { keys: [], from: startOfMonth(12) };

/** The windows that are looked through before it is known how often words meet. */
export const firstLooks = 2;
