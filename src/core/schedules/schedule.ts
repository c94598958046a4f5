import type { NaturalKey } from '../triggers/natural-key.ts';

/** The event of a type whose events are moments in time. */
export interface Tick {
  /** Unix ms, a whole second. */
  readonly at: number;
  /** Whether its time has come, or somebody wants it now. */
  readonly by: 'schedule' | 'operator';
}

/** Identifies a tick, however often it is fired: two platform schedules may fire the same one. */
export function tickKey(tickAt: number): NaturalKey {
  return { key: 'tick', timeMs: tickAt };
}

/** When the ticks of one connector come, read from its configuration. */
export interface Schedule {
  /** Equal for configurations that give the same ticks: a change of anything else moves no tick. */
  readonly identity: string;
  /** The schedule in words, such as "At 09:00, Monday through Friday". */
  readonly words: string;
  /** IANA name of the zone in which the schedule is read. */
  readonly timeZone: string;
  /** A tick that comes later than this, in ms, is recorded as missed and starts nothing. */
  readonly catchUpMs: number;
  /** What becomes of a tick while a run of the connector has not ended. */
  readonly overlap: 'allow' | 'skip';
  /** The first tick after `timeMs` (Unix ms, exclusive); `null` where none comes any more. */
  nextAfter(timeMs: number): number | null;
}

/** The first `count` ticks after `timeMs` (Unix ms); fewer where the schedule ends. */
export function ticksAfter(schedule: Schedule, timeMs: number, count: number): number[] {
  const ticks: number[] = [];
  let last: number | null = timeMs;
  while (last !== null && ticks.length < count) {
    last = schedule.nextAfter(last);
    if (last !== null) ticks.push(last);
  }
  return ticks;
}

/** Ticks in a row that came to nothing because nobody was there to fire them. */
export interface MissedTicks {
  /** Unix ms, as `last`. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** There were more than were counted: `last` is the last one that was. */
  readonly more: boolean;
}

/** Counting a tick takes some 0.1 ms; two months of a tick a minute are no better known than one. */
const maxCounted = 1_000;

/**
 * The ticks from `tickAt` on (itself one) that are too late at `now` to be caught up with; `null` where it is not.
 * All times are Unix ms.
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
