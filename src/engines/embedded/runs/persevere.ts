import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../../../core/errors.ts';

/** The wait before a write is tried again, in ms: somebody has to make room on the disk. */
const tryAgainAfterMs = 1_000;

/**
 * Does a write, and again while the store is away, for as long as there is time.
 *
 * @param forMs how long it makes sense to try; from the first failure on
 * @param stopping aborts when there is no time any more, whatever `forMs` says
 * @throws RetryableError that of the last try
 */
export async function persevere<Written>(
  write: () => Promise<Written>,
  forMs: () => number,
  stopping: AbortSignal,
): Promise<Written> {
  let leftMs: number | null = null;
  for (;;) {
    try {
      return await write();
    } catch (thrown) {
      leftMs ??= forMs();
      leftMs -= tryAgainAfterMs;
      if (!(thrown instanceof RetryableError) || leftMs < 0 || stopping.aborted) throw thrown;
      await sleep(tryAgainAfterMs, null, { signal: stopping }).catch(() => undefined);
    }
  }
}
