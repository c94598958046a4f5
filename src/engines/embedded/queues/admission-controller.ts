import { availableParallelism } from 'node:os';

/** How long is measured before something is concluded, in ms. */
const windowMs = 20;
/** Runs per window that sources bring from which accepting goes first, though nobody waits for it: 500 a second. */
const manyAccepted = 10;
/** The part of the event loop's time, and of all cores, above which accepting has to be given room. */
const busyLoop = 0.8;
const busyCores = 0.6;
/** Runs that are started at a time while others go first: at first, and one more after every window that had time left. */
const firstPortion = 8;
/** What the queue gets at least: beside sources that bring many events, and beside somebody who waits. */
const leastPortion = 1;
const leastPortionBesideWaiting = 0.25;
/** For how long a caller's run counts as one that the engine keeps waiting: beyond that it is the agent that takes its time. */
const engineMs = 250;
/** A sender who has got an answer is about to send the next event, or has gone for this long, in ms. */
const goneMs = 50;

/**
 * Decides how many runs may be started while triggers are accepted: a sender waits for its answer, a queued run does
 * not. While somebody waits, the number is halved whenever the process is busy, and grows slowly while it is not.
 */
export class AdmissionController {
  readonly #otherThreads: () => number;
  readonly #clock: () => number;
  #accepted = 0;
  /** Senders whose trigger is being stored. */
  #storing = 0;
  /** Runs that callers wait for. */
  readonly #awaited = new Set<string>();
  #lastAskedAt = Number.NEGATIVE_INFINITY;
  #lastAnsweredAt = Number.NEGATIVE_INFINITY;
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
    this.#storing++;
    this.#lastAskedAt = this.#clock();
  }

  /** @param awaited ids of its runs, where the sender goes on waiting for them; then `ended` for each */
  stored(awaited: readonly string[]): void {
    this.#storing--;
    for (const runId of awaited) this.#awaited.add(runId);
    this.#lastAnsweredAt = this.#clock();
  }

  /** To be called for every run that ends or is given back. */
  ended(runId: string): void {
    if (this.#awaited.delete(runId)) this.#lastAnsweredAt = this.#clock();
  }

  /**
   * How many runs may be started now; more may be after some milliseconds. Less than one: not each time that it is asked.
   */
  portion(): number {
    const now = this.#clock();
    if (now - this.#windowFrom < windowMs) return this.#portion;
    const isAwaited = this.#isAwaited(now);
    const goesFirst = isAwaited || this.#accepted >= manyAccepted;
    const least = isAwaited ? leastPortionBesideWaiting : leastPortion;
    this.#portion = goesFirst ? Math.max(least, this.#nextPortion()) : Number.POSITIVE_INFINITY;
    this.#accepted = 0;
    this.#windowFrom = now;
    return this.#portion;
  }

  /**
   * Whether somebody waits for the engine. One who sends one request after the other counts between them as well: else each
   * answer would let the queue loose on the next one.
   */
  #isAwaited(now: number): boolean {
    if (this.#storing > 0 || now - this.#lastAnsweredAt < goneMs) return true;
    return this.#awaited.size > 0 && now - this.#lastAskedAt < engineMs;
  }

  #nextPortion(): number {
    const current = Number.isFinite(this.#portion) ? this.#portion : firstPortion;
    if (this.#isBusy()) return current > 1 ? Math.floor(current / 2) : current / 2;
    return current < 1 ? current * 2 : current + 1;
  }

  #isBusy(): boolean {
    const utilization = performance.eventLoopUtilization();
    const loop = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    this.#utilization = utilization;
    return loop > busyLoop || loop + this.#otherThreads() > busyCores * availableParallelism();
  }
}
