import { CronPattern } from 'croner';
import { bothDaysHaveToFit, type CronExpression, expressionText } from './cron-expression.ts';
import { fieldRules } from './cron-field.ts';

export type AwsSchedule =
  | {
      readonly outcome: 'expressed';
      /** EventBridge Scheduler expressions, `cron(...)`. If both of two expressions match a time, it is one tick. */
      readonly expressions: readonly string[];
    }
  /** `reason` is a sentence for the author of the schedule. */
  | { readonly outcome: 'inexpressible'; readonly reason: string };

/**
 * Translates an expression to AWS's six fields (minute, hour, day of month, month, day of week with 1 for Sunday,
 * year), where one of the day fields must be `?`. If both day fields are restricted, either match suffices, which takes
 * two schedules.
 */
export function awsSchedule(expression: CronExpression): AwsSchedule {
  const pattern = new CronPattern(expressionText(expression), undefined, { mode: '5-part' });
  const time = `${fieldText(pattern.minute, 0)} ${fieldText(pattern.hour, 0)}`;
  const month = fieldText(pattern.month, 1);
  const ofMonth = calendarDay(expression.dayOfMonth) ?? fieldText(pattern.day, 1);
  const ofWeek = nthWeekday(expression.dayOfWeek) ?? fieldText(pattern.dayOfWeek, 1);
  const days = dayFields(expression, ofMonth, ofWeek);
  if (days === null) return { outcome: 'inexpressible', reason: bothDaysWanted };
  // The longest expression has about 240 characters; EventBridge allows 256.
  const expressions = days.map(([ofMonth, ofWeek]) => `cron(${time} ${ofMonth} ${month} ${ofWeek} *)`);
  return { outcome: 'expressed', expressions };
}

const bothDaysWanted =
  'EventBridge cannot require both day of month and day of week to match, which a field that begins with "*" does.';

type DayFields = readonly [ofMonth: string, ofWeek: string];

/** Day of month and day of week of each required schedule; `null` if no schedules can express them. */
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

/** `L` and `15W`, which have the same meaning in EventBridge (Scheduler user guide, "Cron-based schedules"). */
function calendarDay(dayOfMonth: string): string | null {
  return /[lw]$/.test(dayOfMonth) ? dayOfMonth.toUpperCase() : null;
}

/** `1#2` in EventBridge's numbering of weekdays, where 1 is Sunday. */
function nthWeekday(dayOfWeek: string): string | null {
  const [day = '', nth] = dayOfWeek.split('#');
  if (nth === undefined) return null;
  const { names } = fieldRules.dayOfWeek;
  const index = names.findIndex((name, number) => name === day || Number(day) % 7 === number);
  return `${index + 1}#${nth}`;
}

/** The field's values in the shortest form that AWS documents: all, a start with a step, or a list with ranges. */
function fieldText(flags: readonly number[], first: number): string {
  const values = flags.flatMap((flag, index) => (flag > 0 ? [index + first] : []));
  if (values.length === flags.length) return '*';
  return stepText(values, flags.length + first) ?? rangesText(values);
}

/** `start/step`, if the values continue to the end of the field. @param end one beyond the greatest value */
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
