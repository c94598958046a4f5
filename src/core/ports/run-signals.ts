import type { Connector } from '../connectors/connector.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import type { Run, RunSummary } from '../runs/run.ts';

/** A change, with the new state, for watchers: dashboards, `--follow`, waiting callers. */
export type ChangeEvent =
  | { readonly type: 'run.updated'; readonly run: RunSummary }
  | { readonly type: 'delivery.updated'; readonly delivery: Delivery }
  | { readonly type: 'connector.updated'; readonly connector: Connector }
  | { readonly type: 'connector.deleted'; readonly connectorId: string };

/**
 * How an engine reports changes. An engine whose parts share a process pushes them to watchers. An engine whose parts
 * share only a store is asked: it compares the current state with the one that the asker's place stands for.
 */
export type ChangeFeed =
  | {
      readonly kind: 'pushed';
      /** Calls `listener` for every change from now on; returns a function that stops it. */
      watch(listener: (event: ChangeEvent) => void): () => void;
    }
  | {
      readonly kind: 'asked';
      /** How long to wait before asking again, in ms. */
      readonly pauseMs: number;
      /** What changed since `place`. Without a place, reports no changes, only the current place. */
      since(place: string | null): Promise<ChangesSince>;
    };

export interface ChangesSince {
  /** Oldest first. */
  readonly events: readonly ChangeEvent[];
  /** What has been seen now; pass it to the next call. Fits into a header. */
  readonly place: string;
}

/** Tells executors and watchers about runs elsewhere in the system. */
export interface RunSignals {
  /** Calls `listener` once when the run's cancellation is requested; returns a function that stops watching. */
  onCancel(runId: string, listener: () => void): () => void;
  /** Resolves with the run once it has ended, or with its current state when `signal` aborts first. */
  whenEnded(runId: string, signal: AbortSignal): Promise<Run>;
  /**
   * Resolves with the delivery once no attempt is due any more (it has ended, or is held), or with its current state when
   * `signal` aborts first.
   */
  whenDelivered(deliveryId: string, signal: AbortSignal): Promise<Delivery>;
  /** Announces that runs wait in the queue, or for their time, which ensures that they will be executed. */
  announceQueued(runs: readonly Pick<RunSummary, 'runId' | 'agentName' | 'scheduledAt'>[]): Promise<void>;
  readonly changes: ChangeFeed;
}
