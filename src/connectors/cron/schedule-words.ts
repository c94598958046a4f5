import { toString as inWords } from 'cronstrue';
import { bothDaysHaveToFit, type CronExpression, expressionText } from './cron-expression.ts';

/**
 * A schedule in English, such as `At 09:00, Monday through Friday`. If both day fields are restricted, it says whether
 * one match suffices.
 */
export function scheduleWords(expression: CronExpression): string {
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
