/** How long all observed deliveries to a connector have failed. */
export interface FailureTally {
  readonly failedMs: number;
  /** Unix ms of the failure counted last. */
  readonly countedAt: number;
  /** Why the attempt counted last failed, in one sentence; absent if an earlier version counted it. */
  readonly reason?: string | undefined;
}

const hourMs = 3_600_000;

/** Failures in quicker succession count together, because each count is a write. */
const countedEveryMs = hourMs;
/**
 * The most that counts between two failures. The longest wait of the retry schedule is 12 hours; a longer gap means
 * that nothing was attempted, or that the clock was set.
 */
const longestGapMs = 24 * hourMs;

/**
 * Counts a failed attempt. If the clock jumps forward, it adds a day at most; if it goes back, it adds nothing.
 *
 * @param reason why it failed, in one sentence
 * @param now Unix ms
 * @returns `tally` itself if the failure counts together with the one before
 */
export function tallyFailure(tally: FailureTally | null, reason: string, now: number): FailureTally {
  if (tally === null) return { failedMs: 0, countedAt: now, reason };
  const elapsedMs = now - tally.countedAt;
  if (elapsedMs >= 0 && elapsedMs < countedEveryMs) return tally;
  const countedMs = Math.min(Math.max(elapsedMs, 0), longestGapMs);
  return { failedMs: tally.failedMs + countedMs, countedAt: now, reason };
}
