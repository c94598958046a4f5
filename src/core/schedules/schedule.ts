import type { NaturalKey } from '../triggers/natural-key.ts';

/** The event of a type whose events are points in time. */
export interface Tick {
  /** Unix ms, a whole second. */
  readonly at: number;
  /** Whether the tick is due, or an operator fires it now. */
  readonly by: 'schedule' | 'operator';
}

/** Identifies a tick across repeats: two platform schedules may fire the same one. */
export function tickKey(tickAt: number): NaturalKey {
  return { key: 'tick', timeMs: tickAt };
}

/** The ticks of one connector, as its configuration defines them. */
export interface Schedule {
  /** Equal for configurations with the same ticks: no other change moves a tick. */
  readonly identity: string;
  /** The schedule in words, such as "At 09:00, Monday through Friday". */
  readonly words: string;
  /** IANA name of the schedule's time zone. */
  readonly timeZone: string;
  /** A tick that is later than this, in ms, is recorded as missed and starts nothing. */
  readonly catchUpMs: number;
  /** What happens to a tick while a run of the connector has not ended. */
  readonly overlap: 'allow' | 'skip';
  /** The first tick after `timeMs` (Unix ms, exclusive); `null` if there are no more. */
  nextAfter(timeMs: number): number | null;
}

/** The first `count` ticks after `timeMs` (Unix ms); fewer if the schedule ends. */
export function ticksAfter(schedule: Schedule, timeMs: number, count: number): number[] {
  const ticks: number[] = [];
  let last: number | null = timeMs;
  while (last !== null && ticks.length < count) {
    last = schedule.nextAfter(last);
    if (last !== null) ticks.push(last);
  }
  return ticks;
}

/** Consecutive ticks that were not fired in time. */
export interface MissedTicks {
  /** Unix ms, like `last`. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** More ticks were missed than counted; `last` is the last one counted. */
  readonly more: boolean;
}

/** Counting a tick takes about 0.1 ms, and a larger number would tell operators no more. */
const maxCounted = 1_000;

/**
 * The ticks from `tickAt` on (itself one) that are too late at `now` to catch up with; `null` if `tickAt` is not too
 * late. All times are Unix ms.
 */
export function missedTicks(schedule: Schedule, tickAt: number, now: number): MissedTicks | null {
  const caughtUpFrom = now - schedule.catchUpMs;
  if (tickAt >= caughtUpFrom) return null;
  let last = tickAt;
  for (let count = 1; count < maxCounted; count++) {
    const next = schedule.nextAfter(last);
    if (next === null || next >= caughtUpFrom) return { first: tickAt, last, count, more: false };
    last = next;
  }
  return { first: tickAt, last, count: maxCounted, more: true };
}
