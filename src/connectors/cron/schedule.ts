import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { Schedule } from '../../core/schedules/schedule.ts';
import { type CronConfig, cronConfigOf } from './cron-config.ts';
import { cronOf, expressionText, parseExpression } from './cron-expression.ts';
import { scheduleWords } from './schedule-words.ts';

/** A smaller delay counts as on time: the process was busy. */
const leastCatchUpMs = 5_000;

/** The tick times of a cron connector. @throws ZodError where the configuration is not valid */
export const schedule = parseOnce((config) => makeSchedule(cronConfigOf(config)));

function makeSchedule(config: CronConfig): Schedule {
  const parsed = parseExpression(config.schedule);
  if (parsed.outcome === 'invalid') throw new Error(parsed.problem);
  const { expression } = parsed;
  const cron = cronOf(expression, config.timezone);
  return {
    identity: `${expressionText(expression)} ${config.timezone}`,
    words: scheduleWords(expression),
    timeZone: config.timezone,
    catchUpMs: Math.max(config.catch_up_seconds * 1_000, leastCatchUpMs),
    overlap: config.overlap,
    nextAfter: (timeMs) => cron.nextRun(new Date(timeMs))?.getTime() ?? null,
  };
}
