import { describe, expect, it } from '@jest/globals';
import { pauseAfter, retryAfterMs } from '../../src/delivery/pauses.ts';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

describe('the pause after a failed attempt', () => {
  it('is 1 s, 5 s, 30 s, 2, 10, 30 min, 1, 2, 4, 6 and 8 h, a fifth longer or shorter, and then none', () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseAfter(index + 1, null, 0.5));
    expect(pauses).toEqual([
      ...[second, 5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute],
      ...[hour, 2 * hour, 4 * hour, 6 * hour, 8 * hour],
    ]);
    expect([pauseAfter(2, null, 0), pauseAfter(2, null, 1)]).toEqual([4 * second, 6 * second]);
    expect(pauseAfter(12, null)).toBeNull();
  });

  it('is what the receiver asks for, up to a day and never less than its own', () => {
    expect(pauseAfter(1, 90 * second, 0.5)).toBe(90 * second);
    expect(pauseAfter(1, 48 * hour, 0.5)).toBe(24 * hour);
    expect(pauseAfter(3, second, 0.5)).toBe(30 * second);
    expect(pauseAfter(12, 90 * second)).toBeNull();
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-29T01:00:00Z');

  it('is read in seconds and as a date', () => {
    expect(retryAfterMs('120', now)).toBe(120 * second);
    expect(retryAfterMs('Sun, 29 Nov 2026 01:02:00 GMT', now)).toBe(2 * minute);
    expect(retryAfterMs('Sun, 29 Nov 2026 00:02:00 GMT', now)).toBe(0);
  });

  it.each([undefined, '', 'soon', '-5', '1.5', '99999999999', 'Infinity'])('says nothing as %p', (header) => {
    expect(retryAfterMs(header, now)).toBeNull();
  });
});
