import type { Connector } from '../connector.ts';
import type { Delivery } from '../delivery.ts';
import type { Run, RunSummary } from '../run.ts';

/** What changed, as it is now, for those who watch: dashboards, `--follow`, waiting callers. */
export type ChangeEvent =
  | { readonly type: 'run.updated'; readonly run: RunSummary }
  | { readonly type: 'delivery.updated'; readonly delivery: Delivery }
  | { readonly type: 'connector.updated'; readonly connector: Connector }
  | { readonly type: 'connector.deleted'; readonly connectorId: string };

/** Tells executors and watchers what happens to runs elsewhere in the system. */
export interface RunSignals {
  /** Calls `listener` once when the run's cancellation is requested; returns what stops the watching. */
  onCancel(runId: string, listener: () => void): () => void;
  /** Resolves with the run once it has ended, or with its current state when `signal` aborts first. */
  whenEnded(runId: string, signal: AbortSignal): Promise<Run>;
  /** Tells that runs wait in the queue, so that they are sure to be executed. */
  announceQueued(runs: readonly { readonly runId: string; readonly agentName: string }[]): Promise<void>;
  /** Calls `listener` for every change in this process or, where the engine can, in the system. */
  onChange(listener: (event: ChangeEvent) => void): () => void;
}
