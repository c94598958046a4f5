import { RetryableError } from '../core/errors.ts';

/** Enough for a few concurrent writers; more is a storm. */
const maxTries = 10;

/**
 * Repeats a change that reads a value and replaces it if it is still the same.
 *
 * @param change returns `null` if someone else has written meanwhile
 * @throws RetryableError if that happens too often
 */
export async function untilReplaced<Value>(change: () => Promise<Value | null>): Promise<Value> {
  for (let tries = 0; tries < maxTries; tries++) {
    const changed = await change();
    if (changed !== null) return changed;
  }
  throw new RetryableError('Somebody else is changing this. Try again.');
}
