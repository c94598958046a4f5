import { performance } from 'node:perf_hooks';

/** How long is measured before something is concluded, in ms. */
const windowMs = 20;
/** Accepted runs per window from which senders count as waiting: 500 a second. */
const manyAccepted = 10;
/** The part of a window that the event loop is busy when it has no time left. */
const busyShare = 0.8;

/**
 * Tells whether accepting triggers takes all that the event loop can do: executing then steps back, because a sender
 * waits for its answer and a queued run does not.
 */
export class AcceptingLoad {
  #accepted = 0;
  #windowFrom = performance.now();
  #utilization = performance.eventLoopUtilization();
  #isHigh = false;

  /** To be called for every run that is stored. */
  accepted(): void {
    this.#accepted++;
  }

  isHigh(): boolean {
    const now = performance.now();
    if (now - this.#windowFrom < windowMs) return this.#isHigh;
    const utilization = performance.eventLoopUtilization();
    const share = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    this.#isHigh = this.#accepted >= manyAccepted && share > busyShare;
    this.#accepted = 0;
    this.#windowFrom = now;
    this.#utilization = utilization;
    return this.#isHigh;
  }
}
