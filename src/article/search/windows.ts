import { dayOf, entryKeys, monthOf, periodsBetween, startOfDay, startOfMonth } from './keys.ts';

/** A search goes back through time in windows, so that a common word costs no more than its newest matches. */

export type Window = {
  /** The keys of the periods that it is made of. */
  keys: readonly string[];
  /** The first instant of its oldest month or day. */
  from: Date;
  /** Where the windows of days before it begin, if there are any: what these have, it leaves out. */
  till?: Date;
  /** Of use only where entries have keys of days, or only where they have none. */
  only?: 'days' | 'months';
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
const season: Size = { monthsMin: 1, period: 4 };
const years: Size = { monthsMin: 1, period: 16 };

const times = (count: number, size: Size): Size[] => Array.from({ length: count }, () => size);

/**
 * The windows of each look: of seasons for six years, and larger ones for what is older. By months where each window takes
 * longer, as words have to meet in it, or where they are known to be frequent in some.
 */
const bySeasons = [
  [month, restOfSeason],
  [...times(18, season), ...times(6, years)],
] as const;
const byMonths = [times(4, month), [...times(72, month), ...times(6, years)]] as const;
const oldest = times(6, years);

/** A look back through time. Those of a walk are numbered from 0. */
export type Look = { number: number; byMonths: boolean; byDays: boolean };

const sizesOf = ({ number, byMonths: isByMonths }: Look) => (isByMonths ? byMonths : bySeasons)[number] ?? oldest;

/** How many days the first windows have, so that a word of every twentieth article is found without all that a month has. */
const days = [2, 8];

/** The first windows of a walk, of days, and those of months with what these leave. */
function withDays(newest: Date, windows: readonly Window[]): Window[] {
  let last = dayOf(newest);
  const ofDays = days.map((count) => {
    const keys = Array.from({ length: count }, (_, index) => entryKeys.day(last - index));
    last -= count;
    return { keys, from: startOfDay(last + 1), only: 'days' as const };
  });
  const till = startOfDay(last + 1);
  const rest = windows.map((one) => (one.from < till ? { ...one, till } : { ...one, only: 'months' as const }));
  return [...ofDays, ...rest];
}

/** The windows of a look at what was published at an instant and before, as far back as the second instant. */
export function windowsOf(look: Look, newest: Date, until: Date | null): Window[] {
  const windows: Window[] = [];
  let last = monthOf(newest);
  for (const size of sizesOf(look)) {
    const { window, first } = windowBefore(last, size);
    windows.push(window);
    if (until !== null && window.from <= until) break;
    last = first - 1;
  }
  return look.number === 0 && look.byDays ? withDays(newest, windows) : windows;
}

/** Single months by which to tell whether words meet in other years. */
export const monthsOfOtherYears = (newest: Date): Window[] =>
  [2, 3, 5, 8].map((years) => windowBefore(monthOf(newest) - 12 * years, month).window);

/** All that is older, for words that hardly ever meet: one look costs no more than each window would. */
export const allOlder: Window = { keys: [], from: startOfMonth(firstMonth) };
