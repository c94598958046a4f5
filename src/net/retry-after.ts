/** A receiver cannot delay a delivery by more than this. */
const longestWaitMs = 24 * 3_600 * 1_000;

/**
 * The wait that a `Retry-After` header asks for, in ms (RFC 9110, section 10.2.3: seconds or a date), at most 24 hours;
 * 0 without a valid one.
 *
 * @param now Unix ms
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const askedMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(askedMs) ? 0 : Math.min(Math.max(askedMs, 0), longestWaitMs);
}
