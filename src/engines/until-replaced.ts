import { RetryableError } from '../core/errors.ts';

/** Some writers at the same moment; more is a storm. */
const maxTries = 10;

/**
 * Repeats a change that reads, and writes if what it has read is still there.
 *
 * @param change `null` where somebody else has written meanwhile
 * @throws RetryableError where that happens too often
 */
export async function untilReplaced<Value>(change: () => Promise<Value | null>): Promise<Value> {
  for (let tries = 0; tries < maxTries; tries++) {
    const changed = await change();
    if (changed !== null) return changed;
  }
  throw new RetryableError('Somebody else is changing this. Try again.');
}
