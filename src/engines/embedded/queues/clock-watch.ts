import type { Log } from '../../../core/ports/log.ts';
import type { Database } from '../store/database.ts';
import { type SetBack, waitingTables } from '../writes/clock-writes.ts';

/** Set-backs up to this size are ignored, in ms. */
export const clockToleranceMs = 2_000;

/** Detects that the system clock was set back, by comparison with a monotonic clock. */
export class ClockWatch {
  readonly #clock: () => number;
  readonly #steadyClock: () => number;
  #aheadMs: number;

  /** @param steadyClock ms since any moment, monotonic */
  constructor(clock: () => number, steadyClock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#steadyClock = steadyClock;
    this.#aheadMs = clock() - steadyClock();
  }

  /** How many ms the clock was set back since the last call; 0 if it was not. */
  setBackMs(): number {
    const aheadMs = this.#clock() - this.#steadyClock();
    const backMs = Math.round(this.#aheadMs - aheadMs);
    // Follow a clock that is set forward or drifts, without a report.
    if (backMs > clockToleranceMs || backMs < 0) this.#aheadMs = aheadMs;
    return backMs > clockToleranceMs ? backMs : 0;
  }
}

/**
 * After the system clock is set back, brings forward what would be due too late, in small portions.
 *
 * @param clock Unix ms; the clock that `watch` observes
 * @returns checks the clock and brings due times forward; a failed write is retried first at the next check. It throws
 *   RetryableError when the disk is full or broken.
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

/** Larger jumps ahead are doubted. Few machines sleep for a week; a smaller jump removes data a week early at most. */
const doubtedJumpMs = 7 * dayMs;
/** How long a clock is doubted after such a jump: time to correct it. */
const doubtMs = dayMs;

/** Doubts a clock that has jumped far ahead of a monotonic clock: data removed by mistake is lost. */
export class ClockDoubt {
  readonly #clock: () => number;
  readonly #steadyClock: () => number;
  #aheadMs: number;
  #until = Number.NEGATIVE_INFINITY;

  /** @param steadyClock ms since any moment, monotonic */
  constructor(clock: () => number, steadyClock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#steadyClock = steadyClock;
    this.#aheadMs = clock() - steadyClock();
  }

  /** @returns how many ms the clock has jumped, the first time that the jump is seen; otherwise 0 */
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
