import type { RateLimit, RateLimiter } from '../core/ports/rate-limiter.ts';

interface Bucket {
  tokens: number;
  /** Unix ms of the last refill. */
  at: number;
}

/** Buckets kept in memory. A forgotten bucket is full again. */
const maxBuckets = 10_000;

/** A token bucket per connector, in memory: it holds `requests` tokens and refills evenly within `perSeconds`. */
export function createRateLimiter(): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(connectorId, limit, now) {
      const bucket = refilled(buckets.get(connectorId), limit, now);
      if (!buckets.has(connectorId) && buckets.size >= maxBuckets)
        buckets.delete(buckets.keys().next().value ?? '');
      buckets.set(connectorId, bucket);
      if (bucket.tokens < 1) {
        const waitSeconds = ((1 - bucket.tokens) * limit.perSeconds) / limit.requests;
        return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds)) };
      }
      bucket.tokens -= 1;
      return { allowed: true };
    },
  };
}

function refilled(bucket: Bucket | undefined, limit: RateLimit, now: number): Bucket {
  if (bucket === undefined) return { tokens: limit.requests, at: now };
  // A clock that has gone back adds nothing.
  const elapsedSeconds = Math.max(0, now - bucket.at) / 1_000;
  const tokens = bucket.tokens + (elapsedSeconds * limit.requests) / limit.perSeconds;
  return { tokens: Math.min(limit.requests, tokens), at: now };
}
