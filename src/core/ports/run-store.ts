import type { IdempotencyKey } from '../connectors/received.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Interruption, InterruptionRole } from '../runs/interruption.ts';
import type {
  EndedStatus,
  Run,
  RunError,
  RunRecord,
  RunStatus,
  RunSummary,
  TokenUsage,
} from '../runs/run.ts';
import type { Trace } from '../runs/trace.ts';
import type { Trigger, TriggerRecord } from '../triggers/trigger.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * Keeps triggers, runs and their traces. Large payloads and outputs go where the engine likes; nobody above sees it.
 * Every method throws `RetryableError` when the store is away, and then has done nothing or all of its work.
 */
export interface RunStore {
  /** Stores a trigger with all of its runs, or nothing. Resolves once they are durable. */
  dispatch(dispatch: Dispatch): Promise<Dispatched>;
  /**
   * Stores the triggers of many events, in order and in as few writes as the store can, each with all of its runs or not
   * at all. Never throws: what could not be stored says so, and what is beside it is stored.
   *
   * @param move made in the same write as the last of the runs, once every trigger is stored or was before. Not made where
   *   one is neither; where it cannot be made, what would have been stored with it is `failed`
   */
  dispatchAll(
    dispatches: readonly QueuedDispatch[],
    move?: CursorMove,
  ): Promise<readonly (Dispatched | Undispatched)[]>;
  /**
   * Moves the cursor of a connector that is polled, where no run is stored with it.
   * @throws RetryableError also where the cursor is no longer where the move begins
   */
  moveCursor(move: CursorMove): Promise<void>;
  /** Ids of the runs that an event of the connector with this idempotency key started, in link order; empty if there are none. */
  runsOfKey(connectorId: string, idempotencyKey: string): Promise<readonly string[]>;
  get(runId: string): Promise<Run | null>;
  /** As `get`, but reads nothing that may be large. */
  find(runId: string): Promise<RunRecord | null>;
  /** The whole of a run that was found or claimed, its payload included. */
  load(record: RunRecord): Promise<Run>;
  /** `null` where there is no such trigger, or its runs are no longer stored. */
  findTrigger(triggerId: string): Promise<TriggerRecord | null>;
  trace(runId: string): Promise<Trace>;
  list(request: RunQuery): Promise<Page<RunSummary>>;
  /**
   * Takes the run for `lease.owner` if it is queued and due, or if its lease has run out: that is an interruption then, with
   * the role that the lease gave it.
   */
  claim(runId: string, lease: Lease): Promise<Claimed>;
  /**
   * Ends a run whose lease `owner` holds; with the same write it is sure that its slots will be freed and that delivery
   * planning will know of it. `lost`: another executor holds it or it has ended; nothing was written.
   */
  end(runId: string, owner: string, end: RunEnd): Promise<'ended' | 'lost'>;
  /**
   * Puts a claimed run back into the queue, to be claimed again from `availableAt` (Unix ms) on. Its attempt counts if the
   * run was the interruption's culprit.
   */
  release(
    runId: string,
    owner: string,
    availableAt: number,
    interruption: Interruption,
  ): Promise<'released' | 'lost'>;
  /** Replaces the stored trace of a run that is going on; for watching, so it need not be durable. */
  saveTrace(runId: string, owner: string, trace: Trace): Promise<void>;
  /** A queued run is cancelled at once; a running one is marked, and its executor told by `RunSignals`. */
  requestCancel(runId: string, now: number): Promise<'cancelled' | 'requested' | 'ended' | 'missing'>;
  /** Counts the runs of a span of time in one pass over them. */
  stats(request: StatsQuery): Promise<RunStats>;
  /** What waits now, of all agents. */
  queueDepth(): Promise<QueueDepth>;
}

export interface Dispatch {
  readonly trigger: Trigger;
  readonly runs: readonly Run[];
  /** Makes a repeat within the time return the first answer's runs. */
  readonly repeat: IdempotencyKey | null;
  /** The event has an identity from which the trigger's id derives: it may come again, when other agents are linked. */
  readonly mayComeAgain: boolean;
  /** The runs start at once, held by this executor, instead of waiting in the queue (sync). */
  readonly lease: Lease | null;
}

/** Its runs wait in the queue. */
export type QueuedDispatch = Omit<Dispatch, 'lease'>;

/** How far a connector's source was read: from the cursor that a poll began at, to the one that it has returned. */
export interface CursorMove {
  readonly connectorId: string;
  /** `null` before the first poll. */
  readonly from: JsonValue;
  readonly to: JsonValue;
}

export interface Undispatched {
  readonly outcome: 'failed';
  /** What `dispatch` would have thrown. */
  readonly thrown: unknown;
}

export type Dispatched =
  | { readonly outcome: 'stored' }
  /** A trigger with this id or repeat key is there; its runs, in link order. */
  | { readonly outcome: 'repeated'; readonly runIds: readonly string[] }
  /** The repeat key was used for another event. */
  | { readonly outcome: 'mismatch' }
  /** Over capacity: nothing was stored. */
  | { readonly outcome: 'overloaded'; readonly retryAfterSeconds: number };

export interface Lease {
  /** Unique to one executor of one attempt. */
  readonly owner: string;
  readonly now: number;
  /** Unix ms. */
  readonly until: number;
  /** Places that the run takes up while it runs; all are taken or none. */
  readonly slots: readonly Slot[];
  /** What the run had to do with it, should its executor vanish and the lease run out. */
  readonly ifLost: InterruptionRole;
}

export interface Slot {
  readonly key: string;
  readonly limit: number;
}

export type Claimed =
  /** Without its payload, which the executor loads when it begins. */
  | { readonly outcome: 'claimed'; readonly run: RunRecord }
  /** All places of a slot are taken. The engine offers the run again when one is freed, or at its next look. */
  | { readonly outcome: 'busy'; readonly slot: string }
  /** Another executor holds it, it is not due yet, it has ended or does not exist. */
  | { readonly outcome: 'not-claimable' };

export interface RunEnd {
  readonly status: EndedStatus;
  readonly endedAt: number;
  readonly output: string | null;
  readonly error: RunError | null;
  readonly tokenUsage: TokenUsage | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  /** `null`: it stays as its trigger gave it. */
  readonly context: JsonObject | null;
  /** `null`: as `context`. */
  readonly warnings: readonly string[] | null;
  readonly trace: Trace;
}

export interface RunQuery extends PageRequest {
  readonly statuses?: readonly RunStatus[];
  readonly agentName?: string;
  readonly connectorId?: string;
  /** Bounds of `queuedAt`, Unix ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Text in payload, output, or error; or `key=value` in the context. */
  readonly search?: string;
}

export interface StatsQuery {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly agentName?: string;
}

/** Counts of the same runs in several ways. */
export interface RunStats {
  readonly buckets: readonly StatsBucket[];
  /** By the agent's name; agents without a run are left out. */
  readonly byAgent: ReadonlyMap<string, RunCounts>;
  /** By `provider/model`; runs that called none are left out. */
  readonly byModel: ReadonlyMap<string, RunCounts>;
  /** By the id of the connector that started them; connectors without a run are left out. */
  readonly byConnector: ReadonlyMap<string, ConnectorCounts>;
}

export interface ConnectorCounts {
  readonly runs: number;
  readonly failed: number;
  /** When the newest of them was queued, Unix ms. */
  readonly lastQueuedAt: number;
}

export interface RunCounts {
  readonly runs: Readonly<Record<RunStatus, number>>;
  readonly tokens: { readonly input: number; readonly output: number; readonly total: number };
  readonly costUsd: number;
  /** From start to end of the runs that ended, in ms and exact to 1%; `null` where none did. */
  readonly durationMs: { readonly p50: number; readonly p95: number } | null;
}

export interface StatsBucket extends RunCounts {
  /** Unix ms of the bucket's beginning: a multiple of its length. */
  readonly from: number;
}

export interface QueueDepth {
  /** Runs that are queued, those included that wait for a place or for their next attempt. */
  readonly queued: number;
  /** When the oldest of them was queued, Unix ms; `null` where none is. */
  readonly oldestQueuedAt: number | null;
}
