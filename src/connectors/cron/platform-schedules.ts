import type { PlatformSchedules } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { awsSchedule } from './aws-schedule.ts';
import { cronConfigOf } from './cron-config.ts';
import { expressionText, parseExpression } from './cron-expression.ts';

/**
 * The schedule of a cron connector in EventBridge's words.
 *
 * @throws ZodError where the configuration is not valid
 */
export function platformSchedules(config: JsonObject): PlatformSchedules {
  const parsed = parseExpression(cronConfigOf(config).schedule);
  if (parsed.outcome === 'invalid') return { outcome: 'inexpressible', reason: parsed.problem };
  const planned = awsSchedule(parsed.expression);
  return planned.outcome === 'expressed' ? { ...planned, timeZone: awsTimeZoneOf(config) } : planned;
}

/**
 * The zone in which EventBridge reads a schedule, by the name that the IANA database writes: it knows `Europe/Berlin`
 * and no `europe/berlin`.
 *
 * On the days on which clocks change EventBridge leaves out what a zone skips, and fires once what it has twice
 * (user guide, "Daylight savings time"). A schedule of every hour comes at the same moments in UTC, all of them.
 */
function awsTimeZoneOf(config: JsonObject): string {
  const { schedule, timezone } = cronConfigOf(config);
  if (isEveryHour(schedule) && hasWholeHours(timezone)) return 'UTC';
  const wanted = timezone.toLowerCase();
  return Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === wanted) ?? timezone;
}

function isEveryHour(schedule: string): boolean {
  const parsed = parseExpression(schedule);
  return parsed.outcome === 'valid' && /^\S+( \*){4}$/.test(expressionText(parsed.expression));
}

/** Winter and summer: a zone that is off by whole hours in both always has the minutes of UTC. */
const seasons = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

function hasWholeHours(timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return seasons.every((time) => !/[+-]\d\d:(?!00)/.test(format.format(time)));
}
