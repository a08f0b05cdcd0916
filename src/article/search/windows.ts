import { monthOf, periodsBetween, startOfMonth } from './keys.ts';

/** A search goes back through time in windows, so that a common word costs no more than its newest matches. */

export type Window = {
  /** The keys of the periods that it is made of. */
  keys: readonly string[];
  /** The first instant of its oldest month. */
  from: Date;
};

/** The first month of the year 1, before which nothing is. */
const firstMonth = 12;

/** At least so many months, and as many more as let it end with a whole period, so that few keys make it up. */
type Size = { monthsMin: number; period: number };

function windowBefore(month: number, { monthsMin, period }: Size): { window: Window; first: number } {
  const least = month - monthsMin + 1;
  const first = least - (least % period);
  return { window: { keys: periodsBetween(first, month), from: startOfMonth(Math.max(first, firstMonth)) }, first };
}

const month: Size = { monthsMin: 1, period: 1 };
const restOfSeason: Size = { monthsMin: 3, period: 4 };
const twoMonths: Size = { monthsMin: 2, period: 1 };
const restOfYear: Size = { monthsMin: 8, period: 16 };
const partOfPeriod: Size = { monthsMin: 1, period: 4 };
const wholePeriod: Size = { monthsMin: 1, period: 16 };

function windowsBefore(last: number, sizes: readonly Size[]): Window[] {
  let at = last;
  return sizes.map((size) => {
    const { window, first } = windowBefore(at, size);
    at = first - 1;
    return window;
  });
}

/** Until then a month has too few articles to tell how often words meet. */
const middleOfMonth = 15;

/**
 * The windows that are looked through first. Each costs words that have to meet a walk over all places of the rarer one, so
 * for them there is but one.
 */
export function firstWindows(newest: Date, isJoint: boolean): Window[] {
  const ofJoint = newest.getUTCDate() > middleOfMonth ? month : twoMonths;
  return windowsBefore(monthOf(newest), isJoint ? [ofJoint] : [month, restOfSeason]);
}

/** Whole periods, for a single word each in two parts: it may be in every second article of them and in none that is newer. */
const periods = (isJoint: boolean): Size[] =>
  Array.from({ length: 4 }, () => (isJoint ? [wholePeriod] : [partOfPeriod, wholePeriod])).flat();

/** The windows that follow; `isSecond`: right after the first ones. */
export const furtherWindows = (
  newest: Date,
  { isJoint, isSecond }: { isJoint: boolean; isSecond: boolean },
): Window[] => windowsBefore(monthOf(newest), [...(isSecond ? [restOfYear] : []), ...periods(isJoint)]);

/** All that is older, for words that hardly ever meet: one look costs no more than each window would. */
export const allOlder: Window = { keys: [], from: startOfMonth(firstMonth) };
