import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

/** How long is measured before something is concluded, in ms. */
const windowMs = 20;
/** Accepted runs per window from which senders count as waiting: 500 a second. */
const manyAccepted = 10;
/** The part of the event loop's time, and of all cores, above which accepting has to be given room. */
const busyLoop = 0.8;
const busyCores = 0.6;
/** Runs that are started at a time while senders wait: at first, and one more after every window that had time left. */
const firstPortion = 8;

/**
 * Decides how many runs may be started while triggers are accepted: a sender waits for its answer, a queued run does
 * not. While many are accepted the number is halved whenever the process is busy, and grows slowly while it is not.
 */
export class AdmissionController {
  readonly #otherThreads: () => number;
  readonly #clock: () => number;
  #accepted = 0;
  #windowFrom: number;
  #utilization = performance.eventLoopUtilization();
  #portion = Number.POSITIVE_INFINITY;

  /**
   * @param otherThreads how many cores' worth of time the process's other threads have used since it was asked last
   * @param clock in ms from any beginning
   */
  constructor(otherThreads: () => number, clock = () => performance.now()) {
    this.#otherThreads = otherThreads;
    this.#clock = clock;
    this.#windowFrom = clock();
  }

  /** To be called for every run that is stored. */
  accepted(): void {
    this.#accepted++;
  }

  /** How many runs may be started now; more may be after some milliseconds. */
  portion(): number {
    const now = this.#clock();
    if (now - this.#windowFrom < windowMs) return this.#portion;
    this.#portion = this.#accepted < manyAccepted ? Number.POSITIVE_INFINITY : this.#nextPortion();
    this.#accepted = 0;
    this.#windowFrom = now;
    return this.#portion;
  }

  #nextPortion(): number {
    const current = Number.isFinite(this.#portion) ? this.#portion : firstPortion;
    return this.#isBusy() ? Math.max(1, Math.floor(current / 2)) : current + 1;
  }

  #isBusy(): boolean {
    const utilization = performance.eventLoopUtilization();
    const loop = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    this.#utilization = utilization;
    return loop > busyLoop || loop + this.#otherThreads() > busyCores * availableParallelism();
  }
}
