import type { ConnectorType } from '../../core/connector-type.ts';
import type { JsonObject } from '../../core/json-value.ts';
import type { Tick } from '../../core/schedule.ts';
import { type AwsSchedule, awsSchedule } from './aws-schedule.ts';
import { cron } from './cron.ts';
import { cronConfigOf, inboundMode } from './cron-config.ts';
import { parseExpression } from './cron-expression.ts';

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

/** The zone's name as the IANA database writes it: EventBridge knows `Europe/Berlin` and no `europe/berlin`. */
export function awsTimeZoneOf(config: JsonObject): string {
  const { timezone } = cronConfigOf(config);
  const wanted = timezone.toLowerCase();
  return Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === wanted) ?? timezone;
}
