/** A calendar day, without a time zone; `month` is 1 to 12. */
export type Day = { readonly year: number; readonly month: number; readonly day: number };

export const yearMin = 1900;
export const yearMax = 2200;

const instantShape =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/i;
const dayShape = /^(\d{4})-(\d\d)-(\d\d)$/;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * A strict RFC 3339 instant, or `undefined`: a real day, an offset (`Z`, or up to ±14:00) and seconds from 00 to 59
 * (no leap second, which PostgreSQL would move to the next minute). `t` and `z` may be lower case, as RFC 3339 5.6
 * allows; a space for `T` may not. A fraction of any length is truncated to milliseconds. The year is 1900 to 2200
 * both as written and in UTC, so that what is accepted is also accepted as it is shown.
 */
export function parseInstant(text: string): Date | undefined {
  const [, date = '', hours, minutes, seconds, fraction = '', sign, offsetHours = 0, offsetMinutes = 0] =
    instantShape.exec(text) ?? [];
  const day = parseDay(date);
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (day === undefined || offset > 14 * 60) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = midnightUtc(day) + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + ms;
  const instant = new Date(local - (sign === '-' ? -offset : offset) * minuteMs);
  return isYearInRange(instant.getUTCFullYear()) ? instant : undefined;
}

/** A bare `YYYY-MM-DD` that is in the calendar, from 1900 to 2200, or `undefined`. */
export function parseDay(text: string): Day | undefined {
  const [, year = 0, month = 0, day = 0] = (dayShape.exec(text) ?? []).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  // `Date` turns 30 February into a day of March.
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && isYearInRange(year) ? { year, month, day } : undefined;
}

/**
 * The day in an IANA time zone: `from` is its first instant, `to` the first of the next day, so days lie end to end.
 * Where a clock change skips midnight the day begins at the change; a day that a zone skipped whole is empty.
 * Throws a `RangeError` for an unknown zone: ask `isTimeZone` where the name comes in.
 */
export function dayRange(day: Day, timeZone: string): { from: Date; to: Date } {
  const calendar = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const midnight = midnightUtc(day);
  return { from: firstInstant(midnight, calendar), to: firstInstant(midnight + dayMs, calendar) };
}

/** Whether the name is in the IANA database, in any case; a bare offset such as `+06:00` is not a zone. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The first instant, to the second, whose local date is that of `midnight` or later. Searched for, not computed
 * from an offset: the offset differs at both sides of a clock change, and a change can fall on midnight or take a
 * whole day away.
 */
function firstInstant(midnight: number, calendar: Intl.DateTimeFormat): Date {
  let before = midnight - dayMs;
  let reached = midnight + dayMs;
  while (reached - before > 1000) {
    const middle = before + Math.floor((reached - before) / 2000) * 1000;
    if (localMidnight(middle, calendar) < midnight) before = middle;
    else reached = middle;
  }
  return new Date(reached);
}

/** The local date of an instant, as the UTC midnight of that date. */
function localMidnight(instant: number, calendar: Intl.DateTimeFormat): number {
  const parts = calendar.formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return midnightUtc({ year: part('year'), month: part('month'), day: part('day') });
}

function midnightUtc({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

function isYearInRange(year: number): boolean {
  return year >= yearMin && year <= yearMax;
}
