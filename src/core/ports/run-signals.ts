import type { Connector } from '../connectors/connector.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import type { Run, RunSummary } from '../runs/run.ts';

/** What changed, as it is now, for those who watch: dashboards, `--follow`, waiting callers. */
export type ChangeEvent =
  | { readonly type: 'run.updated'; readonly run: RunSummary }
  | { readonly type: 'delivery.updated'; readonly delivery: Delivery }
  | { readonly type: 'connector.updated'; readonly connector: Connector }
  | { readonly type: 'connector.deleted'; readonly connectorId: string };

/**
 * How an engine tells of changes. One whose parts share a process pushes them to whoever watches. One whose parts share
 * only a store is asked: it compares what is there now with what a place says that the asker has seen.
 */
export type ChangeFeed =
  | {
      readonly kind: 'pushed';
      /** Calls `listener` for every change from now on; returns what stops it. */
      watch(listener: (event: ChangeEvent) => void): () => void;
    }
  | {
      readonly kind: 'asked';
      /** How long to wait before asking again, in ms. */
      readonly pauseMs: number;
      /** What changed since `place`. Nothing changed for somebody without a place: they learn where they stand. */
      since(place: string | null): Promise<ChangesSince>;
    };

export interface ChangesSince {
  /** Oldest first. */
  readonly events: readonly ChangeEvent[];
  /** What has been seen now: what to ask with next. Fits into a header. */
  readonly place: string;
}

/** Tells executors and watchers what happens to runs elsewhere in the system. */
export interface RunSignals {
  /** Calls `listener` once when the run's cancellation is requested; returns what stops the watching. */
  onCancel(runId: string, listener: () => void): () => void;
  /** Resolves with the run once it has ended, or with its current state when `signal` aborts first. */
  whenEnded(runId: string, signal: AbortSignal): Promise<Run>;
  /** Tells that runs wait in the queue, so that they are sure to be executed. */
  announceQueued(runs: readonly { readonly runId: string; readonly agentName: string }[]): Promise<void>;
  readonly changes: ChangeFeed;
}
