import { CronPattern } from 'croner';
import { bothDaysHaveToFit, type CronExpression, expressionText } from './cron-expression.ts';
import { fieldRules } from './cron-field.ts';

export type AwsSchedule =
  | {
      readonly outcome: 'expressed';
      /**
       * Schedule expressions of EventBridge Scheduler, `cron(...)`. Where there are two, a time at which both come is one
       * tick.
       */
      readonly expressions: readonly string[];
    }
  /** `reason` is a sentence for the author of the schedule. */
  | { readonly outcome: 'inexpressible'; readonly reason: string };

/**
 * An expression in AWS's six fields (minute, hour, day of month, month, day of week with 1 for Sunday, year), where one
 * of the day fields has to be `?`. Where both are restricted, either day is enough, and that takes two schedules.
 */
export function awsSchedule(expression: CronExpression): AwsSchedule {
  const pattern = new CronPattern(expressionText(expression), undefined, { mode: '5-part' });
  const time = `${fieldText(pattern.minute, 0)} ${fieldText(pattern.hour, 0)}`;
  const month = fieldText(pattern.month, 1);
  const ofMonth = calendarDay(expression.dayOfMonth) ?? fieldText(pattern.day, 1);
  const ofWeek = nthWeekday(expression.dayOfWeek) ?? fieldText(pattern.dayOfWeek, 1);
  const days = dayFields(expression, ofMonth, ofWeek);
  if (days === null) return { outcome: 'inexpressible', reason: bothDaysWanted };
  // The longest there is has some 240 characters of the 256 that EventBridge takes.
  const expressions = days.map(([ofMonth, ofWeek]) => `cron(${time} ${ofMonth} ${month} ${ofWeek} *)`);
  return { outcome: 'expressed', expressions };
}

const bothDaysWanted =
  'EventBridge cannot require both day of month and day of week to match, which a field that begins with "*" does.';

type DayFields = readonly [ofMonth: string, ofWeek: string];

/** Day of month and day of week of each schedule that is needed; `null` where none expresses them. */
function dayFields(expression: CronExpression, ofMonth: string, ofWeek: string): readonly DayFields[] | null {
  const joined = bothDaysHaveToFit(expression);
  if (ofMonth === '*' || ofWeek === '*') {
    if (!joined || ofMonth === ofWeek) return [['*', '?']];
    return ofMonth === '*' ? [['?', ofWeek]] : [[ofMonth, '?']];
  }
  if (joined) return null;
  return [
    [ofMonth, '?'],
    ['?', ofWeek],
  ];
}

/** `L` and `15W`, which mean the same there (EventBridge Scheduler user guide, "Cron-based schedules"). */
function calendarDay(dayOfMonth: string): string | null {
  return /[lw]$/.test(dayOfMonth) ? dayOfMonth.toUpperCase() : null;
}

/** `1#2` with EventBridge's number of the day, 1 for Sunday. */
function nthWeekday(dayOfWeek: string): string | null {
  const [day = '', nth] = dayOfWeek.split('#');
  if (nth === undefined) return null;
  const { names } = fieldRules.dayOfWeek;
  const index = names.findIndex((name, number) => name === day || Number(day) % 7 === number);
  return `${index + 1}#${nth}`;
}

/** The values of a field in the shortest form that AWS documents: all, a start with a step, or a list with ranges. */
function fieldText(flags: readonly number[], first: number): string {
  const values = flags.flatMap((flag, index) => (flag > 0 ? [index + first] : []));
  if (values.length === flags.length) return '*';
  return stepText(values, flags.length + first) ?? rangesText(values);
}

/** `start/step`, where the values go on until the field's end. @param end one beyond the greatest value */
function stepText(values: readonly number[], end: number): string | null {
  const [start, second, third] = values;
  if (start === undefined || second === undefined || third === undefined) return null;
  const step = second - start;
  const isProgression = values.every((value, index) => value === start + index * step);
  const last = values.at(-1) ?? start;
  return step > 1 && isProgression && last + step >= end ? `${start}/${step}` : null;
}

function rangesText(values: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const value of values) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === value - 1) last.to = value;
    else ranges.push({ from: value, to: value });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
