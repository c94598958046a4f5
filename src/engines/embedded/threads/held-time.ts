/** Interval between looks at the thread, and the delay that counts as none. In ms. */
const lookEveryMs = 50;
const toleranceMs = 50;
/** Under load, a thread waits for the processor for less than this; a stopped process waits longer. In ms. */
const stoppedMs = 2_000;

/**
 * Adds up the time in which runs could not progress: while other code held the thread, and while the process was
 * stopped (`SIGSTOP`, a sleeping machine).
 */
export class HeldTime {
  #timer: NodeJS.Timeout | null = null;
  #isShared = false;
  #totalMs = 0;
  #lastLook = 0;
  #lastIdleMs = 0;
  #lastCpuMs = 0;

  /** Call when the number of runs in the thread changes. */
  follow(runs: number): void {
    if (this.#timer !== null) this.#look();
    this.#isShared = runs > 1;
    if (runs > 0) this.#timer ??= this.#begin();
    else this.#end();
  }

  /** In ms, from any origin; includes the delay up to now. */
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
   * A run that is alone may have held the thread itself. It did not while the thread was idle, and not during a long
   * wait without processor time: then the process was stopped.
   */
  #withoutRun(lateMs: number, idle: number, cpu: number): number {
    const waitedMs = idle - this.#lastIdleMs - lookEveryMs;
    const withoutProcessorMs = lateMs - (cpu - this.#lastCpuMs);
    return Math.max(waitedMs, withoutProcessorMs > stoppedMs ? withoutProcessorMs : 0);
  }
}

/** How long the thread has been idle, in ms, from any origin. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}

/** Processor time used by the thread, in ms. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
