import type { PlatformSchedules } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { awsSchedule } from './aws-schedule.ts';
import { cronConfigOf } from './cron-config.ts';
import { expressionText, parseExpression } from './cron-expression.ts';

/**
 * The schedule of a cron connector as EventBridge expressions.
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
 * The time zone for EventBridge, in the spelling of the IANA database: EventBridge accepts `Europe/Berlin` but not
 * `europe/berlin`.
 *
 * On days when the clocks change, EventBridge skips missing times and fires once at repeated ones (user guide,
 * "Daylight savings time"). A schedule for every hour uses UTC, where no tick is lost.
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

/** Winter and summer: a zone whose offset is whole hours in both always shares its minutes with UTC. */
const seasons = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

function hasWholeHours(timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return seasons.every((time) => !/[+-]\d\d:(?!00)/.test(format.format(time)));
}
