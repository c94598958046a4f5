import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRateLimiter } from './rate-limiter.ts';

describe('the rate limiter', () => {
  const limit = { requests: 3, perSeconds: 60 };

  test('takes as many requests as the limit at once, and then says how long to wait', () => {
    const limiter = createRateLimiter();
    for (let n = 0; n < 3; n++) expect(limiter.take('a', limit, 0)).toEqual({ allowed: true });
    expect(limiter.take('a', limit, 0)).toEqual({ allowed: false, retryAfterSeconds: 20 });
    expect(limiter.take('a', limit, 5_000)).toEqual({ allowed: false, retryAfterSeconds: 15 });
    expect(limiter.take('a', limit, 20_000)).toEqual({ allowed: true });
  });

  test('counts each connector by itself', () => {
    const limiter = createRateLimiter();
    for (let n = 0; n < 3; n++) limiter.take('a', limit, 0);
    expect(limiter.take('b', limit, 0)).toEqual({ allowed: true });
  });

  test('never takes more than the limit and its refill in any span of time, and always says a whole second or more', () => {
    const steps = fc.array(fc.integer({ min: -1_000, max: 20_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, (waitsMs) => {
        const limiter = createRateLimiter();
        let [now, elapsedMs, taken] = [0, 0, 0];
        for (const waitMs of waitsMs) {
          now += waitMs;
          elapsedMs += Math.max(0, waitMs);
          const outcome = limiter.take('a', limit, now);
          if (outcome.allowed) taken++;
          else expect(outcome.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          expect(taken).toBeLessThanOrEqual(limit.requests + (elapsedMs * limit.requests) / 60_000 + 1e-6);
        }
      }),
    );
  });
});
