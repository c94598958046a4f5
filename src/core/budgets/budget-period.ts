import type { Budget } from './budget.ts';

/** A part of the calendar, in Unix ms: `from` is inclusive, `until` exclusive. */
export interface BudgetPeriod {
  readonly from: number;
  /** `null` if the period does not end by the calendar. */
  readonly until: number | null;
}

const hourMs = 3_600_000;

/** The period of a budget that contains `now` (Unix ms). */
export function periodAt(
  { period, timeZone }: Pick<Budget, 'period' | 'timeZone'>,
  now: number,
): BudgetPeriod {
  if (period === 'run') return { from: 0, until: null };
  const local = new Date(now + offsetAt(timeZone, now));
  if (period === 'hour') {
    const from = now - (local.getTime() % hourMs);
    return { from, until: from + hourMs };
  }
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  return period === 'day'
    ? { from: startOfDay(timeZone, year, month, day), until: startOfDay(timeZone, year, month, day + 1) }
    : { from: startOfDay(timeZone, year, month, 1), until: startOfDay(timeZone, year, month + 1, 1) };
}

/** Whether the platform knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** The moment at which a day begins in a zone: the offset may differ from that of the same clock time in UTC. */
function startOfDay(timeZone: string, year: number, month: number, day: number): number {
  const local = Date.UTC(year, month, day);
  const near = local - offsetAt(timeZone, local);
  return local - offsetAt(timeZone, near);
}

/** How far the zone's clocks are ahead of UTC, in ms. */
function offsetAt(timeZone: string, timeMs: number): number {
  const whole = Math.floor(timeMs / 1_000) * 1_000;
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - whole;
}

/** Creating a format takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', hourCycle: 'h23', era: undefined },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, format);
  return format;
}
