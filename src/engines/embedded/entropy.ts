import { randomFillSync } from 'node:crypto';
import type { Entropy } from '../../core/identifiers.ts';

/** One system call serves many ids: it costs about a microsecond at any size. */
const poolBytes = 8_192;

/** Unpredictable bytes from a pool that is refilled in large steps. No byte is handed out twice. */
export function createEntropy(): Entropy {
  let pool = randomFillSync(new Uint8Array(poolBytes));
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      // Allocate a new pool: callers still hold views of the old one.
      pool = randomFillSync(new Uint8Array(Math.max(poolBytes, count)));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}
