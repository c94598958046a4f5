import type { RunStore } from '../../../core/ports/run-store.ts';

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
    async dispatch(dispatch) {
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
