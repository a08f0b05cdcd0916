/**
 * The filters of a search as lexemes of the same vector as the words: state, language, labels, author, and when an article was
 * published. So one index answers words, filters and time together. No word begins with their mark.
 */

const dayMs = 86_400_000;

const short = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

export const entryKeys = {
  /** Neither published nor scheduled, and never dated. */
  undated: '@u',
  day: (day: number) => `@d${day}`,
  state: (state: string) => `@s${state}`,
  language: (language: string) => `@l${language}`,
  tag: (id: string) => `@t${short(id)}`,
  source: (id: string) => `@o${short(id)}`,
  author: (id: string) => `@a${short(id)}`,
} as const;

/** Days since 1970, in UTC. */
export const dayOf = (instant: Date): number => Math.floor(instant.getTime() / dayMs);

export const startOfDay = (day: number): Date => new Date(day * dayMs);

/** Months since the year 0, in UTC. */
export const monthOf = (instant: Date): number => instant.getUTCFullYear() * 12 + instant.getUTCMonth();

/** The first instant of a month. */
export const startOfMonth = (month: number): Date => {
  const start = new Date(0);
  start.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return start;
};

/** Periods of so many months, from the longest; each begins at a multiple of its length. */
const lengths = [16, 4, 1] as const;

const periodKey = (length: number, month: number) => `@${length}:${Math.floor(month / length)}`;

/** The periods that an article published in this month is in. */
export const periodsOf = (month: number): string[] => lengths.map((length) => periodKey(length, month));

/** The fewest periods that make up the months from the first to the last, both included. */
export function periodsBetween(first: number, last: number): string[] {
  const keys: string[] = [];
  for (let month = first; month <= last; ) {
    const at = month;
    const length = lengths.find((one) => at % one === 0 && at + one - 1 <= last) ?? 1;
    keys.push(periodKey(length, at));
    month += length;
  }
  return keys;
}
