import { describe, expect, test } from '@jest/globals';
import awsCronParser from 'aws-cron-parser';
import fc from 'fast-check';
import { awsSchedule } from './aws-schedule.ts';
import { bothDaysHaveToFit, cronOf, expressionText, parseExpression } from './cron-expression.ts';

function expressionOf(text: string) {
  const parsed = parseExpression(text);
  if (parsed.outcome === 'invalid') throw new Error(`${text}: ${parsed.problem}`);
  return parsed.expression;
}

describe('a schedule for EventBridge', () => {
  test.each([
    ['0 9 * * 1-5', ['cron(0 9 ? * 2-6 *)']],
    ['*/15 * * * *', ['cron(0/15 * * * ? *)']],
    ['0 0 1 * *', ['cron(0 0 1 * ? *)']],
    ['0 0 * * 7', ['cron(0 0 ? * 1 *)']],
    ['0 0 1,15 * 5', ['cron(0 0 1,15 * ? *)', 'cron(0 0 ? * 6 *)']],
    ['0 0 1-31 * 5', ['cron(0 0 * * ? *)']],
    ['0 0 * jan,jun-aug sun', ['cron(0 0 ? 1,6-8 1 *)']],
    ['5-59/20 2,3 * * *', ['cron(5/20 2-3 * * ? *)']],
    ['5/20 9/4 1/10 2/5 *', ['cron(5/20 9/4 1/10 2/5 ? *)']],
    ['0 0 L * *', ['cron(0 0 L * ? *)']],
    ['0 0 15W * *', ['cron(0 0 15W * ? *)']],
    ['0 0 * * 7#1', ['cron(0 0 ? * 1#1 *)']],
    ['0 0 * * mon#5', ['cron(0 0 ? * 2#5 *)']],
    ['0 0 L * 3#2', ['cron(0 0 L * ? *)', 'cron(0 0 ? * 4#2 *)']],
    ['@monthly', ['cron(0 0 1 * ? *)']],
  ])('%s is %j', (text, expressions) => {
    expect(awsSchedule(expressionOf(text))).toEqual({ outcome: 'expressed', expressions });
  });

  test('that has to fit both days is refused with the reason', () => {
    const refused = {
      outcome: 'inexpressible',
      reason: expect.stringMatching(/day of month and day of week/),
    };
    expect(awsSchedule(expressionOf('0 0 */2 * 1'))).toEqual(refused);
    expect(awsSchedule(expressionOf('0 0 13 * */2'))).toEqual(refused);
  });
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/St_Johns',
];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A zone's offset from UTC at a moment, in ms. The platform computes it, independently of the scheduler's library. */
const offsetAt = (() => {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (zone: string, timeMs: number): number => {
    let format = formats.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
      formats.set(zone, format);
    }
    const name = format.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * hourMs + Number(minutes ?? 0) * 60_000);
  };
})();

/** Within a day of a clock change, where the platform's own rule applies (docs/connectors/cron.md). */
const isNearChange = (zone: string, timeMs: number) =>
  offsetAt(zone, timeMs - dayMs) !== offsetAt(zone, timeMs + dayMs);

type AwsCron = ReturnType<typeof awsCronParser.parse>;

/** The evaluator reads November 31 as December 1, so its result must still match the expression. */
function awsTickAfter(cron: AwsCron, wallMs: number): number | null {
  const fits = (date: Date) =>
    cron.months.includes(date.getUTCMonth() + 1) &&
    (!/^\d/.test(cron.daysOfMonth.join()) || cron.daysOfMonth.includes(date.getUTCDate()));
  let date = evaluated(cron, wallMs);
  while (date !== null && !fits(date)) {
    const monthBegins = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    date = evaluated(cron, monthBegins - 60_000);
  }
  return date?.getTime() ?? null;
}

/**
 * The evaluator gives up after ten months without the day, such as a fifth Thursday. Then this resumes the search in
 * the next year.
 */
function evaluated(cron: AwsCron, wallMs: number): Date | null {
  const year = new Date(wallMs).getUTCFullYear();
  for (let later = 0; later <= longestSearchYears; later++) {
    const from = later === 0 ? wallMs : Date.UTC(year + later, 0) - 60_000;
    try {
      return awsCronParser.next(cron, new Date(from));
    } catch (thrown) {
      if (!String(thrown).includes('iter > 10')) throw thrown;
    }
  }
  return null;
}

/** The calendar repeats after 28 years. */
const longestSearchYears = 28;

/** The next ticks of AWS expressions, by an independent evaluator. Takes and yields wall clock times. */
function* awsTicks(expressions: readonly string[], fromWallMs: number): Generator<number> {
  const crons = expressions.map((text) => awsCronParser.parse(text.slice('cron('.length, -1)));
  let wallMs = fromWallMs;
  for (;;) {
    const next = crons.map((cron) => awsTickAfter(cron, wallMs)).filter((tick) => tick !== null);
    if (next.length === 0) return;
    wallMs = Math.min(...next);
    yield wallMs;
  }
}

const field = (min: number, max: number, names: readonly string[] = []) => {
  const value =
    names.length > 0
      ? fc.oneof(fc.integer({ min, max }).map(String), fc.constantFrom(...names))
      : fc.integer({ min, max }).map(String);
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc
    .tuple(
      fc.oneof(fc.constant('*'), range),
      fc.integer({ min: 1, max: Math.max(1, Math.floor((max - min) / 2)) }),
    )
    .map(([span, by]) => (span.includes('-') && stepIsTooLarge(span, by) ? span : `${span}/${by}`));
  const list = fc
    .array(fc.oneof(value, range), { minLength: 2, maxLength: 4 })
    .map((parts) => parts.join(','));
  return fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, value, range, step, list);
};

/** The parser rejects a step larger than its range. */
function stepIsTooLarge(span: string, by: number): boolean {
  const [from = 0, to = 0] = span.split('-').map(Number);
  return by > to - from;
}

/** `5/15`: a start with a step. */
const startStep = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: max - min })).map((parts) => parts.join('/'));

const calendarDay = fc.oneof(
  fc.constant('L'),
  fc.integer({ min: 1, max: 28 }).map((day) => `${day}W`),
);
const nthWeekday = fc
  .tuple(
    fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', 'sun', 'sat'),
    fc.integer({ min: 1, max: 5 }),
  )
  .map((parts) => parts.join('#'));

const anyExpression = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: field(0, 59) }, startStep(0, 59)),
    fc.oneof({ weight: 4, arbitrary: field(0, 23) }, startStep(0, 23)),
    fc.oneof({ weight: 3, arbitrary: field(1, 28) }, startStep(1, 28), calendarDay),
    fc.oneof({ weight: 4, arbitrary: field(1, 12, ['jan', 'jul', 'dec']) }, startStep(1, 12)),
    fc.oneof({ weight: 4, arbitrary: field(0, 7, ['sun', 'mon', 'fri']) }, nthWeekday),
  )
  .map((fields) => fields.join(' '));

/** The independent evaluator knows no later years, and a fifth Sunday of February is rare. */
const farEnd = Date.UTC(2088, 0, 1);

test('any schedule comes at the same times on EventBridge, or is refused', () => {
  const from = Date.UTC(2026, 10, 22, 9, 30);
  fc.assert(
    fc.property(anyExpression, fc.constantFrom(...zones), (text, zone) => {
      const expression = expressionOf(text);
      const schedule = awsSchedule(expression);
      if (schedule.outcome === 'inexpressible') {
        expect(bothDaysHaveToFit(expression)).toBe(true);
        return;
      }
      const ours = cronOf(expression, zone)
        .nextRuns(50, new Date(from))
        .map((date) => date.getTime())
        .filter((tick) => tick < farEnd);
      const last = ours.at(-1) ?? from;
      const theirs: number[] = [];
      for (const wall of awsTicks(schedule.expressions, from + offsetAt(zone, from))) {
        const tick = wall - offsetAt(zone, wall - offsetAt(zone, wall));
        if (tick > last) break;
        theirs.push(tick);
      }
      const settled = (ticks: number[]) =>
        ticks.filter((tick) => !isNearChange(zone, tick)).map((tick) => new Date(tick).toISOString());
      expect({ schedule: expressionText(expression), zone, ticks: settled(theirs) }).toEqual({
        schedule: expressionText(expression),
        zone,
        ticks: settled(ours),
      });
    }),
    { numRuns: 400, examples: [['0 0 * 2 0#5', 'UTC']] },
  );
}, 120_000);

/** Every day of twelve years with its calendar facts, computed without a scheduler. */
const calendar = Array.from({ length: 12 * 366 }, (_, index) => new Date(Date.UTC(2027, 0, 1 + index)))
  .filter((day) => day.getUTCFullYear() < 2039)
  .map((day) => {
    const lastOfMonth = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
    return { day, date: day.getUTCDate(), weekday: day.getUTCDay(), lastOfMonth };
  });
type CalendarDay = (typeof calendar)[number];

/** Whether a day is the weekday nearest to `wanted` in the same month. */
function isNearestWeekday({ date, weekday, lastOfMonth }: CalendarDay, wanted: number): boolean {
  if (weekday === 0 || weekday === 6) return false;
  const saturday = date + 1 === wanted && weekday === 5;
  const sunday = date - 1 === wanted && weekday === 1;
  const saturdayThe1st = wanted === 1 && date === 3 && weekday === 1;
  const sundayTheLast = wanted === lastOfMonth && date === wanted - 2 && weekday === 5;
  return date === wanted || saturday || sunday || saturdayThe1st || sundayTheLast;
}

const calendarRules: readonly (readonly [string, (day: CalendarDay) => boolean])[] = [
  ['0 0 L * *', ({ date, lastOfMonth }) => date === lastOfMonth],
  ...Array.from(
    { length: 28 },
    (_, index) => [`0 0 ${index + 1}W * *`, (day: CalendarDay) => isNearestWeekday(day, index + 1)] as const,
  ),
  ...Array.from({ length: 35 }, (_, index) => {
    const [weekday, nth] = [index % 7, Math.floor(index / 7) + 1];
    const fits = (day: CalendarDay) => day.weekday === weekday && Math.ceil(day.date / 7) === nth;
    return [`0 0 * * ${weekday}#${nth}`, fits] as const;
  }),
];

test.each(calendarRules)(
  '%s comes on the days that the calendar says, on both engines, for twelve years',
  (text, fits) => {
    const expression = expressionOf(text);
    const expected = calendar.filter(fits).map(({ day }) => day.toISOString().slice(0, 10));
    const from = Date.UTC(2026, 11, 31, 12);
    const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10);
    const ours = cronOf(expression, 'UTC').nextRuns(expected.length, new Date(from));
    expect(ours.map((date) => isoDay(date.getTime()))).toEqual(expected);
    const schedule = awsSchedule(expression);
    if (schedule.outcome === 'inexpressible') throw new Error(schedule.reason);
    const theirs: string[] = [];
    for (const tick of awsTicks(schedule.expressions, from)) {
      theirs.push(isoDay(tick));
      if (theirs.length === expected.length) break;
    }
    expect(theirs).toEqual(expected);
  },
);
