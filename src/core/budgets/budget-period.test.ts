import { describe, expect, test } from '@jest/globals';
import type { Budget } from './budget.ts';
import { isTimeZone, periodAt } from './budgets-of.ts';

/** The bounds of the period that contains the moment, in ISO 8601. */
function bounds(period: Budget['period'], timeZone: string, moment: string): (string | null)[] {
  const { from, until } = periodAt({ period, timeZone }, Date.parse(moment));
  return [from, until].map((time) =>
    time === null ? null : new Date(time).toISOString().replace(':00.000Z', 'Z'),
  );
}

describe('the period of a budget', () => {
  test.each([
    ['hour', 'UTC', '2026-11-27T21:59:59.999Z', '2026-11-27T21:00Z', '2026-11-27T22:00Z'],
    ['hour', 'Asia/Kolkata', '2026-11-27T21:15Z', '2026-11-27T20:30Z', '2026-11-27T21:30Z'],
    ['day', 'UTC', '2026-11-27T00:00Z', '2026-11-27T00:00Z', '2026-11-28T00:00Z'],
    ['day', 'America/New_York', '2026-11-27T04:59Z', '2026-11-26T05:00Z', '2026-11-27T05:00Z'],
    ['month', 'UTC', '2026-12-31T23:59Z', '2026-12-01T00:00Z', '2027-01-01T00:00Z'],
    ['month', 'Pacific/Auckland', '2026-11-30T11:00Z', '2026-11-30T11:00Z', '2026-12-31T11:00Z'],
  ] as const)('%s in %s at %s is from %s until %s', (period, timeZone, moment, from, until) => {
    expect(bounds(period, timeZone, moment)).toEqual([from, until]);
  });

  test('is a day of 23 or 25 hours where clocks are changed', () => {
    expect(bounds('day', 'Europe/Berlin', '2026-03-29T12:00Z')).toEqual([
      '2026-03-28T23:00Z',
      '2026-03-29T22:00Z',
    ]);
    expect(bounds('day', 'Europe/Berlin', '2026-10-25T12:00Z')).toEqual([
      '2026-10-24T22:00Z',
      '2026-10-25T23:00Z',
    ]);
    expect(bounds('month', 'Europe/Berlin', '2026-03-15T12:00Z')).toEqual([
      '2026-02-28T23:00Z',
      '2026-03-31T22:00Z',
    ]);
  });

  test('does not end by the calendar for a budget of each run', () => {
    expect(bounds('run', 'UTC', '2026-11-27T12:00Z')).toEqual(['1970-01-01T00:00Z', null]);
  });

  test('is of a time zone that exists', () => {
    expect(['UTC', 'Europe/Berlin', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
