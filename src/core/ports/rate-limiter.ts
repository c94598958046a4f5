export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Counts what each connector takes. */
export interface RateLimiter {
  /** Takes one request, or says after how many seconds one will be free. */
  take(
    connectorId: string,
    limit: RateLimit,
    now: number,
  ): { allowed: true } | { allowed: false; retryAfterSeconds: number };
}
