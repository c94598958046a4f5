/** How often it is looked whether the thread goes on, in ms, and what it is late by without anybody noticing. */
const lookEveryMs = 50;
const toleranceMs = 50;
/** A machine under load lets a thread wait for less than this; who is stopped waits longer. In ms. */
const stoppedMs = 2_000;

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
  #lastCpuMs = 0;

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
    this.#lastCpuMs = cpuMs();
    return setInterval(() => this.#look(), lookEveryMs).unref();
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    const idle = idleMs();
    const cpu = cpuMs();
    const lateMs = now - this.#lastLook - lookEveryMs;
    const lostMs = this.#isShared ? lateMs : Math.min(lateMs, this.#withoutRun(lateMs, idle, cpu));
    if (lostMs > toleranceMs) this.#totalMs += lostMs;
    this.#lastLook = now;
    this.#lastIdleMs = idle;
    this.#lastCpuMs = cpu;
  }

  /**
   * A run that is alone may have held the thread itself. It did not while the thread waited for something to do, nor for
   * long without the processor: then the process was stopped.
   */
  #withoutRun(lateMs: number, idle: number, cpu: number): number {
    const waitedMs = idle - this.#lastIdleMs - lookEveryMs;
    const withoutProcessorMs = lateMs - (cpu - this.#lastCpuMs);
    return Math.max(waitedMs, withoutProcessorMs > stoppedMs ? withoutProcessorMs : 0);
  }
}

/** For how long the thread has waited for something to do, in ms, from any beginning. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}

/** The processor's time that the thread has taken, in ms. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
