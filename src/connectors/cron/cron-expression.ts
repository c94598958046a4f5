import { Cron } from 'croner';
import { readField } from './cron-field.ts';

/** The fields of a cron expression in lower case, with nicknames and `5/15` expanded. */
export interface CronExpression {
  readonly minute: string;
  readonly hour: string;
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
}

export type ParsedExpression =
  | { readonly outcome: 'valid'; readonly expression: CronExpression }
  /** `problem` is a sentence for the author of the expression. */
  | { readonly outcome: 'invalid'; readonly problem: string };

/** Nicknames of common schedules (crontab(5)) and their five fields. */
const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads five fields (minute, hour, day of month, month, day of week) or a nickname. */
export function parseExpression(text: string): ParsedExpression {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.startsWith('@') && nicknames[trimmed] === undefined) {
    return invalid(`Unknown schedule "${trimmed}". Use one of ${Object.keys(nicknames).join(', ')}.`);
  }
  const parts = (nicknames[trimmed] ?? trimmed).split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, ...more] = parts;
  if (
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    more.length > 0
  ) {
    const found = trimmed === '' ? 0 : parts.length;
    return invalid(
      `A schedule has five fields (minute, hour, day of month, month, day of week); this one has ${found}.`,
    );
  }
  return readFields({ minute, hour, dayOfMonth, month, dayOfWeek });
}

function readFields(written: CronExpression): ParsedExpression {
  const expression = { ...written };
  for (const name of ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const) {
    const read = readField(name, written[name]);
    if (read.outcome === 'invalid') return read;
    expression[name] = read.text;
  }
  return isReadable(expression)
    ? { outcome: 'valid', expression }
    : invalid(`The schedule "${expressionText(written)}" is invalid.`);
}

function isReadable(expression: CronExpression): boolean {
  try {
    cronOf(expression, 'UTC');
    return true;
  } catch {
    return false;
  }
}

function invalid(problem: string): ParsedExpression {
  return { outcome: 'invalid', problem };
}

/**
 * Whether a day must match both day fields. If both are restricted, either match suffices. But a field that starts with
 * a star counts as unrestricted, even with a step, as in Vixie cron (crontab(5), "the command will be run when either
 * field matches"); then both must match.
 */
export function bothDaysHaveToFit({ dayOfMonth, dayOfWeek }: CronExpression): boolean {
  return dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
}

/** The expression as text with five fields. */
export function expressionText(expression: CronExpression): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = expression;
  return `${minute} ${hour} ${dayOfMonth} ${month} ${dayOfWeek}`;
}

/**
 * The evaluator of an expression.
 *
 * @param timeZone IANA name
 * @throws Error where the expression is not valid
 */
export function cronOf(expression: CronExpression, timeZone: string): Cron {
  return new Cron(expressionText(expression), {
    timezone: timeZone,
    mode: '5-part',
    paused: true,
    domAndDow: bothDaysHaveToFit(expression),
    // As in Vixie cron: in a daylight saving gap, a time of day moves to the end of the gap, and an interval loses its
    // tick. In the repeated hour, a time of day has one tick, and an interval continues.
    fixedTimeRule: 'no-wildcard',
  });
}
