import type { RateLimiter } from '../../core/ports/rate-limiter.ts';

interface Bucket {
  tokens: number;
  /** Unix ms of the last refill. */
  at: number;
}

/** Buckets of connectors that were not heard of for long are full: reached, all start over. */
const maxBuckets = 10_000;

/**
 * A token bucket a connector, in the memory of one function instance: the hot path has no call to spare for a shared
 * count. With n instances at work a connector takes up to n times its limit; the stage's throttling in API Gateway is
 * the bound for all of them together.
 */
export function rateLimiter(): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(connectorId, { requests, perSeconds }, now) {
      const perMs = requests / (perSeconds * 1_000);
      const bucket = buckets.get(connectorId) ?? { tokens: requests, at: now };
      bucket.tokens = Math.min(requests, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
      bucket.at = now;
      if (buckets.size >= maxBuckets) buckets.clear();
      buckets.set(connectorId, bucket);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return { allowed: true };
      }
      return { allowed: false, retryAfterSeconds: Math.ceil((1 - bucket.tokens) / perMs / 1_000) };
    },
  };
}
