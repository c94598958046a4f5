import { availableParallelism } from 'node:os';
import type { RunStore } from '../../../core/ports/run-store.ts';

/** Length of a measuring window, in ms. */
const windowMs = 20;
/** From this many queued runs per window, triggers take priority even if no sender waits: 500 a second. */
const manyAccepted = 10;
/** Utilization of the event loop, and of all cores, above which the queue yields to triggers. */
const busyLoop = 0.8;
const busyCores = 0.6;
/** Runs started at a time while triggers take priority: the first limit. Each window with time to spare adds one. */
const firstPortion = 8;
/** The queue's minimum: while sources bring many events, and while a sender waits. */
const leastPortion = 1;
const leastPortionBesideWaiting = 0.25;
/** How long a caller's run counts as waiting for the engine, in ms. After that, the agent is the slow part. */
const engineMs = 250;
/** How long a sender counts as present after its response, in ms: it may be about to send the next event. */
const goneMs = 50;

/**
 * Decides how many queued runs may start while triggers arrive: a sender waits for its response, a queued run does not.
 * While a sender waits, the limit halves whenever the process is busy, and grows slowly while it is not.
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
   * @param otherThreads how many cores' worth of time the process's other threads have used since the last call
   * @param clock in ms from any origin
   */
  constructor(otherThreads: () => number, clock = () => performance.now()) {
    this.#otherThreads = otherThreads;
    this.#clock = clock;
    this.#windowFrom = clock();
  }

  /** Call for every queued run that is stored. */
  accepted(): void {
    this.#accepted++;
  }

  /** Call when a trigger arrives whose sender waits until it is stored. Always call `stored` afterwards. */
  asked(): void {
    this.#storing++;
    this.#lastAskedAt = this.#clock();
  }

  /** @param awaited ids of the runs that the sender keeps waiting for; call `ended` for each */
  stored(awaited: readonly string[]): void {
    this.#storing--;
    for (const runId of awaited) this.#awaited.add(runId);
    this.#lastAnsweredAt = this.#clock();
  }

  /** Call for every run that ends or is given back. */
  ended(runId: string): void {
    if (this.#awaited.delete(runId)) this.#lastAnsweredAt = this.#clock();
  }

  /**
   * How many runs may start now; the limit can change after some milliseconds. A fraction adds up over several calls.
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
   * Whether a sender waits for the engine. A sender that sends one request after another also counts between them:
   * otherwise each response would release the queue just before the next request.
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

/** The run store for triggers. While a sender waits for its runs to be stored or to end, the queue holds back. */
export function servingSenders(runs: RunStore, accepting: AdmissionController): RunStore {
  return {
    ...runs,
    async dispatch(dispatch) {
      accepting.asked();
      let awaited: readonly string[] = [];
      try {
        const dispatched = await runs.dispatch(dispatch);
        const isHeld = dispatch.lease !== null && dispatched.outcome === 'stored';
        if (isHeld) awaited = dispatch.runs.map(({ runId }) => runId);
        return dispatched;
      } finally {
        accepting.stored(awaited);
      }
    },
    end: (runId, owner, end) => runs.end(runId, owner, end).finally(() => accepting.ended(runId)),
    release: (runId, ...given) => runs.release(runId, ...given).finally(() => accepting.ended(runId)),
  };
}

/**
 * The runs that this process executes, from before they are claimed until their end is written. No other process uses
 * this data folder, so a run in hand is never lost: not when the clock jumps ahead, and not when the process was paused
 * for longer than a lease.
 */
export class RunsInHand {
  readonly #owners = new Map<string, string>();

  /** Returns `false` if the run is already in hand. */
  take(runId: string, owner: string): boolean {
    if (this.#owners.has(runId)) return false;
    this.#owners.set(runId, owner);
    return true;
  }

  /** Does nothing if `owner` does not have the run. */
  letGo(runId: string, owner: string): void {
    if (this.#owners.get(runId) === owner) this.#owners.delete(runId);
  }

  runIds(): readonly string[] {
    return [...this.#owners.keys()];
  }
}

/** The run store for executors: it notes the runs in hand, and never gives a run to two executors. */
export function notingRunsInHand(runs: RunStore, inHand: RunsInHand): RunStore {
  return {
    ...runs,
    dispatch(dispatch) {
      const { lease } = dispatch;
      if (lease === null) return runs.dispatch(dispatch);
      const letGo = () => {
        for (const { runId } of dispatch.runs) inHand.letGo(runId, lease.owner);
      };
      for (const { runId } of dispatch.runs) inHand.take(runId, lease.owner);
      return letGoUnless(runs.dispatch(dispatch), ({ outcome }) => outcome === 'stored', letGo);
    },
    async claim(runId, lease) {
      if (!inHand.take(runId, lease.owner)) return { outcome: 'not-claimable' };
      const letGo = () => inHand.letGo(runId, lease.owner);
      return letGoUnless(runs.claim(runId, lease), ({ outcome }) => outcome === 'claimed', letGo);
    },
    end: (runId, owner, end) => runs.end(runId, owner, end).finally(() => inHand.letGo(runId, owner)),
    release: (runId, owner, availableAt, interruption) =>
      runs.release(runId, owner, availableAt, interruption).finally(() => inHand.letGo(runId, owner)),
  };
}

async function letGoUnless<Outcome>(
  taking: Promise<Outcome>,
  isTaken: (outcome: Outcome) => boolean,
  letGo: () => void,
): Promise<Outcome> {
  let taken = false;
  try {
    const outcome = await taking;
    taken = isTaken(outcome);
    return outcome;
  } finally {
    if (!taken) letGo();
  }
}
