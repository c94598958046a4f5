import { availableParallelism } from 'node:os';

/** How long is measured before something is concluded, in ms. */
const windowMs = 20;
/** Runs per window that sources bring from which accepting goes first, though nobody waits for it: 500 a second. */
const manyAccepted = 10;
/** The part of the event loop's time, and of all cores, above which accepting has to be given room. */
const busyLoop = 0.8;
const busyCores = 0.6;
/** Runs that are started at a time while senders wait: at first, and one more after every window that had time left. */
const firstPortion = 8;

/**
 * Decides how many runs may be started while triggers are accepted: a sender waits for its answer, a queued run does
 * not. While somebody waits, the number is halved whenever the process is busy, and grows slowly while it is not.
 */
export class AdmissionController {
  readonly #otherThreads: () => number;
  readonly #clock: () => number;
  #accepted = 0;
  /** Senders whose trigger is being stored. */
  #waiting = 0;
  #lastAskedAt = Number.NEGATIVE_INFINITY;
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

  /** To be called for every queued run that is stored. */
  accepted(): void {
    this.#accepted++;
  }

  /** To be called when a trigger comes whose sender waits until it is stored; and then `stored`, whatever came of it. */
  asked(): void {
    this.#waiting++;
    this.#lastAskedAt = this.#clock();
  }

  stored(): void {
    this.#waiting--;
  }

  /** How many runs may be started now; more may be after some milliseconds. */
  portion(): number {
    const now = this.#clock();
    if (now - this.#windowFrom < windowMs) return this.#portion;
    this.#portion = this.#goesFirst(now) ? this.#nextPortion() : Number.POSITIVE_INFINITY;
    this.#accepted = 0;
    this.#windowFrom = now;
    return this.#portion;
  }

  /**
   * Whether accepting goes before the queue. A caller who sends one request after the other counts even where the queue
   * makes each take long; one who waits for a long answer does not, for it is not the engine that keeps him waiting.
   */
  #goesFirst(now: number): boolean {
    const isAwaited = this.#waiting > 0 || now - this.#lastAskedAt < windowMs;
    return isAwaited || this.#accepted >= manyAccepted;
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
