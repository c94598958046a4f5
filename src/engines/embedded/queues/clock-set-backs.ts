import type { Log } from '../../../core/ports/log.ts';
import type { Database } from '../store/database.ts';
import { type SetBack, waitingTables } from '../writes/clock-writes.ts';
import type { ClockWatch } from './clock-watch.ts';

/**
 * Brings forward, in small portions, what waits for a time that the system's clock, once set back, comes to too late.
 *
 * @param clock Unix ms, the one that is watched
 * @returns looks whether the clock was set back, and does what is to be done; what could not be written is done first
 *   at the next look. It throws RetryableError when the disk is full or broken.
 */
export function clockSetBacks(
  database: Database,
  watch: ClockWatch,
  clock: () => number,
  log: Log,
): () => Promise<void> {
  const left: SetBack[] = [];
  const bringForward = async (setBack: SetBack) => {
    try {
      const last = await database.write('bringForward', setBack);
      if (last !== null) left.unshift({ ...setBack, after: last });
    } catch (thrown) {
      left.unshift(setBack);
      throw thrown;
    }
  };
  return async () => {
    const backMs = watch.setBackMs();
    if (backMs > 0) {
      log.warn('clock.set-back', { by_ms: backMs });
      const now = clock();
      left.push(...waitingTables.map((table) => ({ table, after: null, backMs, now })));
    }
    for (let next = left.shift(); next !== undefined; next = left.shift()) await bringForward(next);
  };
}
