import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expressionText, parseExpression } from './cron-expression.ts';
import { inboundMode } from './index.ts';
import { schedule } from './schedule.ts';

/** The next ticks of a schedule, in UTC, after a moment. */
function ticks(text: string, timezone: string, from: string, count: number): string[] {
  const made = schedule({ schedule: text, timezone });
  const found: string[] = [];
  for (let time: number | null = Date.parse(from); time !== null && found.length < count; ) {
    time = made.nextAfter(time);
    if (time !== null) found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
}

describe('five fields', () => {
  test.each([
    ['0 9 * * 1-5', ['2026-11-23T09:00', '2026-11-24T09:00', '2026-11-25T09:00']],
    ['*/20 23 * * *', ['2026-11-22T23:00', '2026-11-22T23:20', '2026-11-22T23:40']],
    ['0 0 * * 0', ['2026-11-29T00:00', '2026-12-06T00:00', '2026-12-13T00:00']],
    ['0 0 * * 7', ['2026-11-29T00:00', '2026-12-06T00:00', '2026-12-13T00:00']],
    ['0 0 * * FRI-sun', ['2026-11-27T00:00', '2026-11-28T00:00', '2026-11-29T00:00']],
    ['15,45 8-18/5 1 jan,JUL *', ['2027-01-01T08:15', '2027-01-01T08:45', '2027-01-01T13:15']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
  ])('%s comes at %j', (text, expected) => {
    expect(ticks(text, 'UTC', '2026-11-22T12:00:00Z', 3)).toEqual(expected);
  });

  test('day of month and day of week both restricted: either is enough', () => {
    const expected = ['2026-11-23T00:00', '2026-11-30T00:00', '2026-12-01T00:00', '2026-12-07T00:00'];
    expect(ticks('0 0 1 * 1', 'UTC', '2026-11-22T12:00:00Z', 4)).toEqual(expected);
  });

  test('a day field that begins with a star is not restricted, even with a step: both have to fit', () => {
    const expected = ['2026-11-23T00:00', '2026-12-07T00:00', '2026-12-21T00:00'];
    expect(ticks('0 0 */2 * 1', 'UTC', '2026-11-22T12:00:00Z', 3)).toEqual(expected);
  });

  test.each([
    ['@daily', '0 0 * * *'],
    ['@Yearly', '0 0 1 1 *'],
    ['@weekly', '0 0 * * 0'],
    ['@hourly', '0 * * * *'],
    ['5/15 * * * *', '5-59/15 * * * *'],
    ['0 8/4 1/10 2/3 *', '0 8-23/4 1-31/10 2-12/3 *'],
  ])('%s is %s', (text, expected) => {
    const parsed = parseExpression(text);
    expect(parsed.outcome === 'valid' && expressionText(parsed.expression)).toBe(expected);
  });

  test.each([
    ['0 0 L * *', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00', '2027-02-28T00:00']],
    ['0 0 15W * *', ['2026-12-15T00:00', '2027-01-15T00:00', '2027-02-15T00:00', '2027-03-15T00:00']],
    ['0 0 1W * *', ['2026-12-01T00:00', '2027-01-01T00:00', '2027-02-01T00:00', '2027-03-01T00:00']],
    ['0 0 * * 1#2', ['2026-12-14T00:00', '2027-01-11T00:00', '2027-02-08T00:00', '2027-03-08T00:00']],
    ['0 0 * * Fri#5', ['2027-01-29T00:00', '2027-04-30T00:00', '2027-07-30T00:00', '2027-10-29T00:00']],
    ['0 0 L * sun#1', ['2026-11-30T00:00', '2026-12-06T00:00', '2026-12-31T00:00', '2027-01-03T00:00']],
  ])('%s is decided by the calendar: %j', (text, expected) => {
    expect(ticks(text, 'UTC', '2026-11-27T12:00:00Z', 4)).toEqual(expected);
  });

  test.each([
    ['', 'A schedule has five fields (minute, hour, day of month, month, day of week); this one has 0.'],
    [
      '0 9 * *',
      'A schedule has five fields (minute, hour, day of month, month, day of week); this one has 4.',
    ],
    [
      '0 0 9 * * *',
      'A schedule has five fields (minute, hour, day of month, month, day of week); this one has 6.',
    ],
    [
      '@reboot',
      'Unknown schedule "@reboot". Use one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly.',
    ],
    ['60 * * * *', '"60" is not a valid minute: minutes range from 0 to 59.'],
    ['* 24 * * *', '"24" is not a valid hour: hours range from 0 to 23.'],
    ['* * 0 * *', '"0" is not a valid day of month: days of month range from 1 to 31.'],
    ['* * 32 * *', '"32" is not a valid day of month: days of month range from 1 to 31.'],
    ['* * * 13 *', '"13" is not a valid month: months range from 1 to 12.'],
    ['* * * 1-13 *', '"13" is not a valid month: months range from 1 to 12.'],
    ['* * * * 8', '"8" is not a valid day of week: days of week range from 0 to 7.'],
    [
      'x * * * *',
      '"x" is not a valid minute. Use values, ranges (1-5), lists (1,15), or steps (*/10, 5/15).',
    ],
    [
      '1- * * * *',
      '"1-" is not a valid minute. Use values, ranges (1-5), lists (1,15), or steps (*/10, 5/15).',
    ],
    [
      '* * * mon *',
      '"mon" is not a valid month: its names are jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec.',
    ],
    ['* mon * * *', '"mon" is not a valid hour: it has no names.'],
    ['50-10 * * * *', 'The range "50-10" is reversed; put the earlier minute first.'],
    ['* * * * fri-mon', 'The range "fri-mon" is reversed; put the earlier day of week first.'],
    ['*/0 * * * *', 'The step of "*/0" is 0; it must be 1 or more.'],
    ['*/70 * * * *', 'The step of "*/70" is larger than the number of minutes, 60.'],
    ['* * 1,,2 * *', 'The day of month "1,,2" has an extra comma.'],
    ['* * * * 1/2', '"1/2" is not a valid day of week. List the days, such as 1,3,5.'],
    ['* * ? * 1', '"?" is not a valid day of month. Use "*" for any.'],
    ...['LW', 'L-3', '31W', '15W,L', 'W'].map((days) => [
      `* * ${days} * *`,
      `"${days.toLowerCase().split(',').at(0)}" is not a valid day of month. "L" (the last day) and "15W" (the weekday nearest the 15th; 1W to 28W) must stand alone; other forms of "L" and "W" are not supported.`,
    ]),
    ...['5L', 'L', '1#6', '1#2,3#1', 'fri#L'].map((days) => [
      `* * * * ${days}`,
      `"${days.toLowerCase().split(',').at(0)}" is not a valid day of week. "1#2" (the second Monday; #1 to #5) must stand alone; other forms of "L" and "#" are not supported.`,
    ]),
  ])('"%s" is refused with the reason, in our own words', (text, reason) => {
    expect(parseExpression(text)).toEqual({ outcome: 'invalid', problem: reason });
  });

  test('whatever is written is read, or refused in our own words', () => {
    const anyField = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789*,-/LW#?'), minLength: 1, maxLength: 6 }),
      fc.constantFrom('*', '1-5', '*/2', 'mon', 'jan', 'L', '3#1', '1W'),
    );
    fc.assert(
      fc.property(fc.array(anyField, { minLength: 5, maxLength: 5 }), (fields) => {
        const parsed = parseExpression(fields.join(' '));
        if (parsed.outcome === 'valid') return;
        expect(parsed.problem).toMatch(/^[A-Z"].*\.$/);
        expect(parsed.problem).not.toMatch(/CronPattern|NaN|undefined|onfiguration|cannot be read/);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the two days on which the clocks change (Berlin)', () => {
  test('a time of day that does not exist in spring comes right after the gap', () => {
    const expected = ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'];
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual(expected);
  });

  test('a time of day that exists twice in autumn comes once', () => {
    const expected = ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30'];
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z', 3)).toEqual(expected);
    expect(ticks('30 1-3 * * *', 'Europe/Berlin', '2026-10-24T23:00:00Z', 3)).toEqual([
      '2026-10-24T23:30',
      '2026-10-25T00:30',
      '2026-10-25T02:30',
    ]);
  });

  test('an interval goes on through both', () => {
    expect(ticks('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:40:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ]);
    expect(ticks('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', 4)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
      '2026-10-25T03:00',
    ]);
  });

  test('an interval of hours skips what the clocks skip, and comes twice in an hour that comes twice', () => {
    expect(ticks('0 */2 * * *', 'Europe/Berlin', '2026-03-28T22:30:00Z', 3)).toEqual([
      '2026-03-28T23:00',
      '2026-03-29T02:00',
      '2026-03-29T04:00',
    ]);
    expect(ticks('0 */2 * * *', 'Europe/Berlin', '2026-10-24T21:30:00Z', 4)).toEqual([
      '2026-10-24T22:00',
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T03:00',
    ]);
    expect(ticks('*/20 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 1)).toEqual(['2026-03-30T00:00']);
  });

  test('a change of half an hour is one too (Lord Howe)', () => {
    expect(ticks('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T00:00:00Z', 3)).toEqual([
      '2026-10-02T15:45',
      '2026-10-03T15:30',
      '2026-10-04T15:15',
    ]);
  });
});

test.each([
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday'],
  ['@daily', 'At 00:00'],
  ['0 0 L * *', 'At 00:00, on the last day of the month'],
  ['0 0 1 * 1', 'At 00:00, on day 1 of the month, or on Monday (either is enough)'],
  [
    '0 0 1,15 6 1-5',
    'At 00:00, on day 1 and 15 of the month, or Monday through Friday (either is enough), only in June',
  ],
  ['0 0 */2 * 1', 'At 00:00, every 2 days in a month, but only on Monday (both have to fit)'],
  [
    '*/10 * 13 * */2',
    'Every 10 minutes, on day 13 of the month, but only every 2 days of the week (both have to fit)',
  ],
])('%s in words: %s', (text, words) => {
  expect(schedule({ schedule: text }).words).toBe(words);
});

describe('the configuration', () => {
  const problemsOf = (config: Record<string, unknown>) =>
    inboundMode.config.safeParse(config).error?.issues.map(({ path, message }) => `${path}: ${message}`) ??
    [];

  test.each([
    [{ schedule: '0 0 30 2 *' }, /schedule: .*never fires/],
    [{ schedule: '0 0 * * *', timezone: 'Mars/Olympus' }, /timezone: is not a time zone/],
    [{ schedule: '0 0 * * *', timezone: '+02:00' }, /timezone: is not a time zone/],
    [{ schedule: 'whenever' }, /schedule: .*five fields/],
    [{}, /schedule/],
  ])('%j is refused with the reason', (config, reason) => {
    expect(problemsOf(config).join()).toMatch(reason);
  });

  test('is UTC, lets runs overlap and catches up with a minute unless told otherwise', () => {
    expect(inboundMode.config.parse({ schedule: '0 0 * * *' })).toEqual({
      schedule: '0 0 * * *',
      timezone: 'UTC',
      overlap: 'allow',
      catch_up_seconds: 60,
    });
  });
});
