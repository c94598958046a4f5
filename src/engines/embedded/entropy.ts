import { randomFillSync } from 'node:crypto';
import type { Entropy } from '../../core/identifiers.ts';

/** One call of the system's generator for many ids: it costs a microsecond, whatever its size. */
const poolBytes = 8_192;

/** Unpredictable bytes from a pool that is refilled in large steps. No byte is handed out twice. */
export function createEntropy(): Entropy {
  let pool = randomFillSync(new Uint8Array(poolBytes));
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      // A new pool: the bytes of the old one are in their takers' hands.
      pool = randomFillSync(new Uint8Array(Math.max(poolBytes, count)));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}
