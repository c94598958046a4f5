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
