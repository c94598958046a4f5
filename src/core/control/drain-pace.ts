/** When the runs of an ended hold go on. */
export interface DrainPace {
  /** How many may go on. */
  readonly count: number;
  /** When the first of them does, Unix ms. */
  readonly firstAt: number;
  /** Between two of them, in ms. */
  readonly everyMs: number;
}

/**
 * The part of a drain from `now` until `until`, Unix ms.
 *
 * @param perMinute `null`: all at once
 * @param nextAt when the next run may go on
 * @param most how many the caller takes at a time
 */
export function drainPace(
  perMinute: number | null,
  nextAt: number,
  now: number,
  until: number,
  most: number,
): DrainPace {
  if (perMinute === null) return { count: most, firstAt: now, everyMs: 0 };
  const everyMs = 60_000 / perMinute;
  // A time this far ahead is from before the clock was set back.
  const isAhead = nextAt > until + everyMs;
  const firstAt = isAhead ? now : Math.max(nextAt, now);
  const allowed = firstAt > until ? 0 : Math.floor((until - firstAt) / everyMs) + 1;
  return { count: Math.min(allowed, most), firstAt, everyMs };
}
