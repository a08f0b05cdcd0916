const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The pause after the first failed attempt, after the second, and so on. After one more than these it is dead. */
const pausesMs: readonly number[] = [
  ...[1, 5, 30].map((each) => each * seconds),
  ...[2, 10, 30].map((each) => each * minutes),
  ...[1, 2, 4, 6, 8].map((each) => each * hours),
];

/** Each pause is longer or shorter by up to this share, so that what failed together is not tried together. */
const jitter = 0.2;

const retryAfterMsMax = 24 * hours;

/**
 * How long to wait after so many failed attempts; null if that was the last. What the receiver asks for is obeyed, unless
 * the pause is longer anyway. `random` is from 0 to 1.
 */
export function pauseAfter(failed: number, retryAfterMs: number | null, random = Math.random()): number | null {
  const pause = pausesMs[failed - 1];
  if (pause === undefined) return null;
  const own = pause * (1 - jitter + 2 * jitter * random);
  return Math.round(Math.max(own, Math.min(retryAfterMs ?? 0, retryAfterMsMax)));
}

/** What a `Retry-After` asks for, in seconds or as a date; null if it says nothing that can be obeyed. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const asked = header.trim();
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * seconds;
  const until = /^[A-Z][a-z]{2,8},? /.test(asked) ? Date.parse(asked) : Number.NaN;
  return Number.isNaN(until) ? null : Math.max(0, until - now);
}
