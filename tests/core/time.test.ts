import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayRange, isTimeZone, parseDay, parseInstant } from '../../src/core/time.ts';

const zones = ['Asia/Dhaka', 'America/New_York', 'America/Sao_Paulo', 'Africa/Cairo', 'Pacific/Apia', 'America/Havana'];
const hourMs = 3_600_000;

function rangeOf(date: string, zone: string): [string, string, number] {
  const day = parseDay(date);
  if (day === undefined) throw new Error(`${date} is no day`);
  const { from, to } = dayRange(day, zone);
  return [from.toISOString(), to.toISOString(), (to.getTime() - from.getTime()) / hourMs];
}

describe('parseInstant', () => {
  it.each([
    ['2026-02-03T04:05:06Z', '2026-02-03T04:05:06.000Z'],
    ['2026-02-03T04:05:06+06:00', '2026-02-02T22:05:06.000Z'],
    ['2026-02-03T04:05:06-03:30', '2026-02-03T07:35:06.000Z'],
    ['2026-02-03t04:05:06z', '2026-02-03T04:05:06.000Z'],
    ['2026-02-03T04:05:06.7Z', '2026-02-03T04:05:06.700Z'],
    ['2026-02-03T04:05:06.9999999999Z', '2026-02-03T04:05:06.999Z'],
    ['1969-12-31T23:59:59.0019Z', '1969-12-31T23:59:59.001Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59+14:00', '2000-02-29T09:59:59.000Z'],
    ['2026-02-03T04:05:06-00:00', '2026-02-03T04:05:06.000Z'],
    ['1900-01-01T00:00:00Z', '1900-01-01T00:00:00.000Z'],
    ['2200-12-31T23:59:59.999Z', '2200-12-31T23:59:59.999Z'],
  ])('reads %s', (text, utc) => {
    expect(parseInstant(text)?.toISOString()).toBe(utc);
  });

  it.each([
    [''],
    ['1'],
    ['hello 1'],
    ['infinity'],
    ['now'],
    ['2026-02-03'],
    ['2026-02-03T04:05:06'],
    ['2026-02-03T04:05Z'],
    ['2026-02-03 04:05:06Z'],
    ['2026-02-03T04:05:06 Z'],
    ['2026-02-03T04:05:06Z\n'],
    ['2026-02-03T04:05:06.Z'],
    ['2026-02-03T04:05:06,5Z'],
    ['2026-02-03T04:05:06+0600'],
    ['2026-02-03T04:05:06+06'],
    ['2026-02-03T04:05:06+14:01'],
    ['2026-02-03T04:05:06+16:00'],
    ['2026-02-03T04:05:06+06:60'],
    ['2026-02-03T24:00:00Z'],
    ['2026-02-03T23:60:00Z'],
    ['2016-12-31T23:59:60Z'],
    ['2026-02-30T00:00:00Z'],
    ['2023-02-29T00:00:00Z'],
    ['1900-02-29T00:00:00Z'],
    ['2026-13-01T00:00:00Z'],
    ['2026-00-01T00:00:00Z'],
    ['2026-01-00T00:00:00Z'],
    ['0000-01-01T00:00:00Z'],
    ['1899-12-31T23:59:59Z'],
    ['2201-01-01T00:00:00Z'],
    ['1900-01-01T00:00:00+06:00'],
    ['2200-12-31T23:00:00-06:00'],
    ['+002026-02-03T04:05:06Z'],
    ['+275760-09-13T00:00:00.000Z'],
    ['২০২৬-০২-০৩T০৪:০৫:০৬Z'],
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('reads what it is shown as, for every instant that it accepts', () => {
    const instants = fc.date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2200-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(instants, (date) => expect(parseInstant(date.toISOString())).toEqual(date)));
  });

  it('never throws and never gives an invalid date', () => {
    const part = fc.constantFrom('2026', '-', '02', '30', 'T', '99', ':', '00', 'Z', '+', '.', '5', '২');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parseInstant(text)?.getTime()).not.toBeNaN();
        },
      ),
    );
  });
});

describe('parseDay', () => {
  it('reads a bare day of the calendar', () => {
    expect(parseDay('2026-02-28')).toEqual({ year: 2026, month: 2, day: 28 });
    expect(parseDay('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
  });

  it.each([
    [''],
    ['2026-02-29'],
    ['2026-04-31'],
    ['2026-1-1'],
    ['2026-00-10'],
    ['2026-10-00'],
    ['2026-13-01'],
    ['1899-12-31'],
    ['2201-01-01'],
    ['0001-01-01'],
    ['2026-01-01Z'],
    ['2026-01-01\n'],
    ['২০২৬-০১-০১'],
  ])('refuses %j', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});

describe('dayRange', () => {
  it.each([
    ['2026-03-05', 'Asia/Dhaka', '2026-03-04T18:00:00.000Z', '2026-03-05T18:00:00.000Z', 24],
    ['2009-06-19', 'Asia/Dhaka', '2009-06-18T18:00:00.000Z', '2009-06-19T17:00:00.000Z', 23],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', 23],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z', 25],
    ['2018-11-03', 'America/Sao_Paulo', '2018-11-03T03:00:00.000Z', '2018-11-04T03:00:00.000Z', 24],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z', 23],
    ['2018-02-17', 'America/Sao_Paulo', '2018-02-17T02:00:00.000Z', '2018-02-18T03:00:00.000Z', 25],
    ['2024-04-26', 'Africa/Cairo', '2024-04-25T22:00:00.000Z', '2024-04-26T21:00:00.000Z', 23],
    ['2025-11-02', 'America/Havana', '2025-11-02T04:00:00.000Z', '2025-11-03T05:00:00.000Z', 25],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z', 0],
    ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z', '2026-01-01T10:00:00.000Z', 24],
    ['2026-01-01', 'Etc/GMT+12', '2026-01-01T12:00:00.000Z', '2026-01-02T12:00:00.000Z', 24],
    ['1900-01-01', 'UTC', '1900-01-01T00:00:00.000Z', '1900-01-02T00:00:00.000Z', 24],
    ['2200-12-31', 'UTC', '2200-12-31T00:00:00.000Z', '2201-01-01T00:00:00.000Z', 24],
  ])('of %s in %s', (date, zone, from, to, hours) => {
    expect(rangeOf(date, zone)).toEqual([from, to, hours]);
  });

  it('lays days end to end, each around its own noon', () => {
    const days = fc.date({ min: new Date('1970-01-02'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (date, zone) => {
        const [from, to, hours] = rangeOf(date.toISOString().slice(0, 10), zone);
        const next = new Date(date.getTime() + 24 * hourMs).toISOString().slice(0, 10);
        expect(rangeOf(next, zone)[0]).toBe(to);
        expect(from <= to).toBe(true);
        expect([0, 23, 24, 25]).toContain(hours);
      }),
    );
  });

  it('throws for a zone that does not exist', () => {
    expect(() => dayRange({ year: 2026, month: 1, day: 1 }, 'Asia/Khobor')).toThrow(RangeError);
  });
});

describe('isTimeZone', () => {
  it('knows IANA names in any case, and no offset', () => {
    for (const name of [...zones, 'UTC', 'Etc/GMT+6', 'asia/dhaka']) expect(isTimeZone(name)).toBe(true);
    for (const name of ['', 'Asia/Khobor', '+06:00', '-0300', 'Asia/Dhaka ', 'local'])
      expect(isTimeZone(name)).toBe(false);
  });
});
