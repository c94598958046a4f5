import { describe, expect, test } from '@jest/globals';
import { inboundMode } from './cron-config.ts';
import { parseExpression } from './cron-expression.ts';
import { schedule } from './schedule.ts';

/** The next ticks of a schedule in UTC, from a moment on. */
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
    ['', /five fields.*0/],
    ['0 9 * *', /five fields.*4/],
    ['0 0 9 * * *', /five fields.*6/],
    ['@daily', /five fields/],
    ['60 * * * *', /minute: 60/i],
    ['* 24 * * *', /hour/i],
    ['* * 0 * *', /day/i],
    ['* * * 13 *', /month/i],
    ['* * * * 8', /dayOfWeek|day of week/i],
    ['* * L * *', /"l" is no day of month/],
    ['* * ? * 1', /"\?" is no day of month/],
    ['* * * * 1#2', /"1#2" is no day of week/],
    ['* * * mon *', /"mon" is no month/],
    ['50-10 * * * *', /larger/],
    ['*/0 * * * *', /step/i],
    ['1,,2 * * * *', /./],
  ])('"%s" is refused with the reason', (text, reason) => {
    const parsed = parseExpression(text);
    expect(parsed.outcome === 'invalid' && parsed.problem).toMatch(reason);
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

  test('a change of half an hour is one too (Lord Howe)', () => {
    expect(ticks('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T00:00:00Z', 3)).toEqual([
      '2026-10-02T15:45',
      '2026-10-03T15:30',
      '2026-10-04T15:15',
    ]);
  });
});

describe('the configuration', () => {
  const problemsOf = (config: Record<string, unknown>) =>
    inboundMode.config.safeParse(config).error?.issues.map(({ path, message }) => `${path}: ${message}`) ??
    [];

  test.each([
    [{ schedule: '0 0 30 2 *' }, /schedule: .*never comes/],
    [{ schedule: '0 0 * * *', timezone: 'Mars/Olympus' }, /timezone: is no time zone/],
    [{ schedule: '0 0 * * *', timezone: '+02:00' }, /timezone: is no time zone/],
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
