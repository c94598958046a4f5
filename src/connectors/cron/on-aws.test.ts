import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../core/connectors/connector-config.ts';
import { inboundMode, modesOnAws } from './index.ts';
import { platformSchedules } from './platform-schedules.ts';

const onAws = modesOnAws().inbound;

function problemsOf(config: Parameters<typeof parseConfig>[1]): string[] {
  const parsed = onAws === undefined ? null : parseConfig(onAws, config, { allowPrivateTargets: false });
  return parsed?.outcome === 'invalid'
    ? parsed.problems.map(({ field, message }) => `${field} ${message}`)
    : [];
}

describe('a schedule on AWS', () => {
  test.each(inboundMode.samples)('takes what the type takes: $title', ({ config }) => {
    expect(problemsOf(config)).toEqual([]);
  });

  test('is refused with the reason where EventBridge cannot express it', () => {
    expect(problemsOf({ schedule: '0 9 */2 * mon' })).toEqual([
      expect.stringMatching(/^config\.schedule EventBridge cannot require both day of month and day of week/),
    ]);
  });

  test.each([
    [{ schedule: '0 9 * *' }, /^config\.schedule .*five fields/],
    [{ schedule: '0 9 * * *', timezone: 'Mars/Olympus' }, /^config\.timezone .*not a time zone/],
  ])('is refused once for what is none: %j', (config, problem) => {
    expect(problemsOf(config)).toEqual([expect.stringMatching(problem)]);
  });

  test.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['US/Pacific', 'US/Pacific'],
  ])('knows the zone %s as %s', (timezone, name) => {
    expect(platformSchedules({ schedule: '0 9 * * *', timezone })).toMatchObject({ timeZone: name });
  });

  test.each([
    ['*/15 * * * *', 'Europe/Berlin', 'UTC'],
    ['5,35  *  * * *', 'America/New_York', 'UTC'],
    ['@hourly', 'Europe/Berlin', 'UTC'],
    ['5/15 * * * *', 'Europe/Berlin', 'UTC'],
    ['*/15 * * * *', 'Asia/Kolkata', 'Asia/Kolkata'],
    ['*/15 * * * *', 'Australia/Lord_Howe', 'Australia/Lord_Howe'],
    ['*/15 8-20 * * *', 'Europe/Berlin', 'Europe/Berlin'],
    ['*/15 * * * mon', 'Europe/Berlin', 'Europe/Berlin'],
  ])('%s in %s is read in %s: no change of clocks is to be missed', (schedule, timezone, zone) => {
    expect(platformSchedules({ schedule, timezone })).toMatchObject({ timeZone: zone });
  });
});
