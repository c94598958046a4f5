/** How often it is looked whether the thread goes on, in ms, and what it is late by without anybody noticing. */
const lookEveryMs = 50;
const slackMs = 50;

/**
 * Adds up the time in which runs could not go on: while code of others held the thread, and while the process was stopped
 * (`SIGSTOP`, a sleeping machine).
 */
export class HeldTime {
  #timer: NodeJS.Timeout | null = null;
  #isShared = false;
  #totalMs = 0;
  #lastLook = 0;
  #lastIdleMs = 0;

  /** To be called when the number of runs in the thread changes. */
  follow(runs: number): void {
    if (this.#timer !== null) this.#look();
    this.#isShared = runs > 1;
    if (runs > 0) this.#timer ??= this.#begin();
    else this.#end();
  }

  /** In ms, from any beginning; what holds the thread until now is included. */
  totalMs(): number {
    if (this.#timer !== null) this.#look();
    return this.#totalMs;
  }

  #begin(): NodeJS.Timeout {
    this.#lastLook = performance.now();
    this.#lastIdleMs = idleMs();
    return setInterval(() => this.#look(), lookEveryMs).unref();
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    const idle = idleMs();
    const lateMs = now - this.#lastLook - lookEveryMs;
    // A run that is alone may have held the thread itself, but not while the thread waited: then the process was stopped.
    const lostMs = this.#isShared ? lateMs : Math.min(lateMs, idle - this.#lastIdleMs - lookEveryMs);
    if (lostMs > slackMs) this.#totalMs += lostMs;
    this.#lastLook = now;
    this.#lastIdleMs = idle;
  }
}

/** For how long the thread has waited for something to do, in ms, from any beginning. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}
