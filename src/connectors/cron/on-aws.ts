import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import { type AwsSchedule, awsSchedule } from './aws-schedule.ts';
import { cron } from './cron.ts';
import { cronConfigOf, inboundMode } from './cron-config.ts';
import { expressionText, parseExpression } from './cron-expression.ts';

/** The cron type of a deployment on AWS: the same, but that it refuses what EventBridge cannot express. */
export const cronOnAws: ConnectorType<Tick> = {
  ...cron,
  modes: {
    inbound: {
      ...inboundMode,
      config: inboundMode.config.superRefine((config, context) => {
        // What is no schedule at all has been told already.
        if (!inboundMode.config.safeParse(config).success) return;
        const planned = awsScheduleOf(config);
        if (planned.outcome === 'expressed') return;
        context.addIssue({ code: 'custom', path: ['schedule'], message: planned.reason });
      }),
    },
  },
};

/**
 * The schedule of a cron connector in EventBridge's words.
 *
 * @throws ZodError where the configuration is not valid
 */
export function awsScheduleOf(config: JsonObject): AwsSchedule {
  const parsed = parseExpression(cronConfigOf(config).schedule);
  return parsed.outcome === 'valid'
    ? awsSchedule(parsed.expression)
    : { outcome: 'inexpressible', reason: parsed.problem };
}

/**
 * The zone in which EventBridge reads a schedule, by the name that the IANA database writes: it knows `Europe/Berlin`
 * and no `europe/berlin`.
 *
 * On the days on which clocks change EventBridge leaves out what a zone skips, and fires once what it has twice
 * (user guide, "Daylight savings time"). A schedule of every hour comes at the same moments in UTC, all of them.
 */
export function awsTimeZoneOf(config: JsonObject): string {
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
