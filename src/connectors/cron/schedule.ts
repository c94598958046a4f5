import { toString as inWords } from 'cronstrue';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { Schedule } from '../../core/schedules/schedule.ts';
import { type CronConfig, cronConfigOf } from './cron-config.ts';
import {
  bothDaysHaveToFit,
  type CronExpression,
  cronOf,
  expressionText,
  parseExpression,
} from './cron-expression.ts';

/**
 * A schedule in English, such as `At 09:00, Monday through Friday`. If both day fields are restricted, it says whether
 * one match suffices.
 */
function scheduleWords(expression: CronExpression): string {
  const { dayOfMonth, dayOfWeek } = expression;
  if (dayOfMonth === '*' || dayOfWeek === '*') return words(expression);
  const time = words({ ...expression, dayOfMonth: '*', month: '*', dayOfWeek: '*' });
  const behindTime = (fields: Partial<CronExpression>) =>
    words({ ...expression, dayOfMonth: '*', month: '*', dayOfWeek: '*', ...fields })
      .slice(time.length)
      .replace(/^, /, '');
  const ofMonth = behindTime({ dayOfMonth });
  const ofWeek = behindTime({ dayOfWeek }).replace(/^only /, '');
  const month = expression.month === '*' ? '' : `, ${behindTime({ month: expression.month })}`;
  const days = bothDaysHaveToFit(expression)
    ? `${ofMonth}, but only ${ofWeek} (both have to fit)`
    : `${ofMonth}, or ${ofWeek} (either is enough)`;
  return `${time}, ${days}${month}`;
}

function words(expression: CronExpression): string {
  return inWords(expressionText(expression).toUpperCase(), { use24HourTimeFormat: true, verbose: false });
}

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
