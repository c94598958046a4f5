/** For how long deliveries to a connector have only failed, as far as that was seen. */
export interface FailureTally {
  readonly failedMs: number;
  /** Unix ms of the failure that was counted last. */
  readonly countedAt: number;
  /** Why the attempt that was counted last has failed, in one sentence; absent where an earlier version has counted it. */
  readonly reason?: string | undefined;
}

const hourMs = 3_600_000;

/** Failures that follow one another faster are counted together: each count is a write. */
const countedEveryMs = hourMs;
/**
 * Counted at most from one failure to the next. The longest wait of the retry schedule is 12 hours; whatever is longer is
 * a time in which nobody tried, or a clock that was set.
 */
const longestGapMs = 24 * hourMs;

/**
 * Counts a failed attempt. A jump of the clock adds a day at most, and a clock that goes back adds nothing.
 *
 * @param reason why it failed, in one sentence
 * @param now Unix ms
 * @returns `tally` itself where the failure is counted with the one before
 */
export function tallyFailure(tally: FailureTally | null, reason: string, now: number): FailureTally {
  if (tally === null) return { failedMs: 0, countedAt: now, reason };
  const elapsedMs = now - tally.countedAt;
  if (elapsedMs >= 0 && elapsedMs < countedEveryMs) return tally;
  const countedMs = Math.min(Math.max(elapsedMs, 0), longestGapMs);
  return { failedMs: tally.failedMs + countedMs, countedAt: now, reason };
}
