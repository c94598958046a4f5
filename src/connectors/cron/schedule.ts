import { toString as inWords } from 'cronstrue';
import type { JsonObject } from '../../core/json-value.ts';
import type { Schedule } from '../../core/schedule.ts';
import { type CronConfig, cronConfigOf } from './cron-config.ts';
import { cronOf, expressionText, parseExpression } from './cron-expression.ts';

/** A tick that is late by less was fired on time: the process was busy. */
const leastCatchUpMs = 5_000;

/** Making a schedule takes some 0.1 ms; stored configurations stay the same objects until they change. */
const schedules = new WeakMap<JsonObject, Schedule>();

/** When the ticks of a cron connector come. @throws ZodError where the configuration is not valid */
export function schedule(config: JsonObject): Schedule {
  const known = schedules.get(config);
  if (known !== undefined) return known;
  const made = makeSchedule(cronConfigOf(config));
  schedules.set(config, made);
  return made;
}

function makeSchedule(config: CronConfig): Schedule {
  const parsed = parseExpression(config.schedule);
  if (parsed.outcome === 'invalid') throw new Error(parsed.problem);
  const { expression } = parsed;
  const cron = cronOf(expression, config.timezone);
  return {
    identity: `${expressionText(expression)} ${config.timezone}`,
    words: inWords(expressionText(expression), { use24HourTimeFormat: true, verbose: false }),
    timeZone: config.timezone,
    catchUpMs: Math.max(config.catch_up_seconds * 1_000, leastCatchUpMs),
    overlap: config.overlap,
    nextAfter: (timeMs) => cron.nextRun(new Date(timeMs))?.getTime() ?? null,
  };
}
