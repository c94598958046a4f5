import { Cron } from 'croner';

/** A cron expression, field by field as it was written, in lower case. */
export interface CronExpression {
  readonly minute: string;
  readonly hour: string;
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
}

export type ParsedExpression =
  | { readonly outcome: 'valid'; readonly expression: CronExpression }
  /** `problem` is a sentence for whoever wrote the expression. */
  | { readonly outcome: 'invalid'; readonly problem: string };

/** What a field may be made of. The parser behind it knows more (`L`, `W`, `#`, `?`), which is no cron of five fields. */
const fieldPatterns = {
  minute: /^[\d*,/-]+$/,
  hour: /^[\d*,/-]+$/,
  dayOfMonth: /^[\d*,/-]+$/,
  month: /^([\d*,/-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+$/,
  dayOfWeek: /^([\d*,/-]|sun|mon|tue|wed|thu|fri|sat)+$/,
};

const fieldTitles = {
  minute: 'minute',
  hour: 'hour',
  dayOfMonth: 'day of month',
  month: 'month',
  dayOfWeek: 'day of week',
};

/** Reads five fields: minute, hour, day of month, month, day of week. */
export function parseExpression(text: string): ParsedExpression {
  const parts = text.trim().toLowerCase().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, ...more] = parts;
  if (
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    more.length > 0
  ) {
    const found = text.trim() === '' ? 0 : parts.length;
    return invalid(
      `A schedule has five fields: minute, hour, day of month, month, day of week; this has ${found}.`,
    );
  }
  const expression = { minute, hour, dayOfMonth, month, dayOfWeek };
  const problem = problemOf(expression);
  return problem === null ? { outcome: 'valid', expression } : invalid(problem);
}

function problemOf(expression: CronExpression): string | null {
  for (const name of ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const) {
    if (fieldPatterns[name].test(expression[name])) continue;
    return `"${expression[name]}" is no ${fieldTitles[name]}: numbers, names, ranges, lists and steps are.`;
  }
  try {
    cronOf(expression, 'UTC');
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? sentenceOf(thrown) : 'The schedule cannot be read.';
  }
}

/** The parser's messages begin with its own name: `CronPattern: Invalid value for minute: 60`. */
function sentenceOf({ message }: Error): string {
  const words = message.replace(/^\w+: /, '').replace(/\.$/, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function invalid(problem: string): ParsedExpression {
  return { outcome: 'invalid', problem };
}

/**
 * Whether a day has to fit both day fields. Where both are restricted, either is enough; but a field that begins with
 * a star counts as unrestricted even with a step, as in Vixie cron (crontab(5), "the command will be run when either
 * field matches"), and then both have to fit.
 */
export function bothDaysHaveToFit({ dayOfMonth, dayOfWeek }: CronExpression): boolean {
  return dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
}

/** The five fields again, as text. */
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
    // In a gap of daylight saving, a time of day moves behind the gap and an interval loses its tick; in the hour that
    // comes twice, a time of day has one tick and an interval goes on: as Vixie cron does.
    fixedTimeRule: 'no-wildcard',
  });
}
