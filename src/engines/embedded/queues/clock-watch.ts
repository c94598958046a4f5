/** What a clock is set back by without anybody noticing, in ms. */
export const clockSlackMs = 2_000;

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
    if (backMs > clockSlackMs || backMs < 0) this.#aheadMs = aheadMs;
    return backMs > clockSlackMs ? backMs : 0;
  }
}
