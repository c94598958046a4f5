import type { Log } from '../../../core/ports/log.ts';
import type { Database } from '../store/database.ts';
import { type SetBack, waitingTables } from '../writes/clock-writes.ts';

/** What a clock is set back by without anybody noticing, in ms. */
export const clockToleranceMs = 2_000;

/** Notices when the system's clock is set back, by a clock that never is. */
export class ClockWatch {
  readonly #clock: () => number;
  readonly #steadyClock: () => number;
  #aheadMs: number;

  /** @param steadyClock ms since any moment, never set */
  constructor(clock: () => number, steadyClock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#steadyClock = steadyClock;
    this.#aheadMs = clock() - steadyClock();
  }

  /** By how many ms the clock was set back since this was asked last; 0 where it was not. */
  setBackMs(): number {
    const aheadMs = this.#clock() - this.#steadyClock();
    const backMs = Math.round(this.#aheadMs - aheadMs);
    // A clock that is set forward, or drifts, is followed without a word.
    if (backMs > clockToleranceMs || backMs < 0) this.#aheadMs = aheadMs;
    return backMs > clockToleranceMs ? backMs : 0;
  }
}

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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A jump ahead by more than this is doubted: few machines sleep for a week, and what is lost by less is a week early at most. */
const doubtedJumpMs = 7 * dayMs;
/** For how long a doubted clock is not believed: time to set it right. */
const doubtMs = dayMs;

/** Doubts a clock that has jumped far ahead, by a clock that never jumps: what is removed by mistake does not come back. */
export class ClockDoubt {
  readonly #clock: () => number;
  readonly #steadyClock: () => number;
  #aheadMs: number;
  #until = Number.NEGATIVE_INFINITY;

  /** @param steadyClock ms since any moment, never set */
  constructor(clock: () => number, steadyClock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#steadyClock = steadyClock;
    this.#aheadMs = clock() - steadyClock();
  }

  /** @returns by how many ms the clock has jumped, the first time that this is seen; else 0 */
  look(): number {
    const aheadMs = this.#clock() - this.#steadyClock();
    const jumpMs = Math.round(aheadMs - this.#aheadMs);
    this.#aheadMs = aheadMs;
    if (jumpMs > doubtedJumpMs) this.#until = this.#steadyClock() + doubtMs;
    if (jumpMs < -doubtedJumpMs) this.#until = Number.NEGATIVE_INFINITY;
    return jumpMs > doubtedJumpMs ? jumpMs : 0;
  }

  get isDoubted(): boolean {
    return this.#steadyClock() < this.#until;
  }
}
