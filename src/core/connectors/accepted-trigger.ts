import type { Run } from '../runs/run.ts';
import type { Connector } from './connector.ts';

/** An event whose runs are stored and sure to be executed. */
export interface AcceptedTrigger {
  readonly outcome: 'accepted';
  readonly connector: Connector;
  /** In link order. */
  readonly runIds: readonly string[];
  /** The runs of an earlier trigger with the same repeat key or natural key: nothing was started. */
  readonly repeated: boolean;
  /** Runs that the caller holds and has to execute now; `null` where the queue executes them. */
  readonly held: { readonly runs: readonly Run[]; readonly owner: string } | null;
}

/** What the runs of a trigger have come to when somebody waits for them. */
export interface AwaitedRuns {
  /** `timeout`: at least one of the runs is still going on. */
  readonly outcome: 'ended' | 'timeout';
  /** In link order. */
  readonly runs: readonly Run[];
}
