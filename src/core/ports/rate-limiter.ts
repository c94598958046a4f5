export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Counts the requests of each connector. */
export interface RateLimiter {
  /** Takes one request, or returns after how many seconds one will be free. */
  take(
    connectorId: string,
    limit: RateLimit,
    now: number,
  ): { allowed: true } | { allowed: false; retryAfterSeconds: number };
}
