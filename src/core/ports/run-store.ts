import type { IdempotencyKey } from '../connectors/received.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type {
  EndedStatus,
  Interruption,
  InterruptionRole,
  Run,
  RunError,
  RunRecord,
  RunStatus,
  RunSummary,
  TokenUsage,
} from '../runs/run.ts';
import { emptyTrace, type Trace } from '../runs/trace.ts';
import type { StoredTrigger, Trigger, TriggerRecord } from '../triggers/trigger.ts';
import type { Page, PageRequest, Placed } from './page.ts';

/**
 * Keeps triggers, runs and their traces. The engine decides where large payloads and outputs go; callers do not notice.
 * Every method throws `RetryableError` when the store is unavailable, and has then done all of its work or none.
 */
export interface RunStore {
  /**
   * Stores a trigger with all of its runs, or nothing. Resolves once they are durable. A trigger without runs is
   * `filtered`; a repeat of it is `repeated` without runs.
   */
  dispatch(dispatch: Dispatch): Promise<Dispatched>;
  /**
   * Stores the triggers of many events, in order and in as few writes as the store can, each with all of its runs or
   * not at all. Never throws: a trigger that cannot be stored is `failed`, and the others are stored.
   *
   * @param move written with the last of the runs, once every trigger is stored or was before, and otherwise not. If it
   *   cannot be written, the triggers of the same write are `failed`
   */
  dispatchAll(
    dispatches: readonly QueuedDispatch[],
    move?: CursorMove,
  ): Promise<readonly (Dispatched | Undispatched)[]>;
  /**
   * Moves the cursor of a polled connector if no run is stored with it.
   * @throws RetryableError also if the cursor is no longer where the move begins
   */
  moveCursor(move: CursorMove): Promise<void>;
  /**
   * Ids of the runs that the connector's event with this key started, in link order: none if it was filtered, and
   * `null` if no event with the key is known.
   */
  runsOfKey(connectorId: string, idempotencyKey: string): Promise<readonly string[] | null>;
  get(runId: string): Promise<Run | null>;
  /** Like `get`, but reads nothing that may be large. */
  find(runId: string): Promise<RunRecord | null>;
  /** The complete run of a record that was found or claimed, including its payload. */
  load(record: RunRecord): Promise<Run>;
  /** `null` if the trigger does not exist, or its runs are no longer stored. */
  findTrigger(triggerId: string): Promise<TriggerRecord | null>;
  /** Like `findTrigger`, with the content, which may be large. `null` also if the content is lost. */
  getTrigger(triggerId: string): Promise<StoredTrigger | null>;
  /** Triggers of events, newest first: not those of runs that were run again. A page may be short. */
  listTriggers(query: TriggerQuery): Promise<Page<Placed<TriggerRecord>>>;
  /** Counts the filtered triggers of a period, by connector. */
  countFiltered(period: {
    readonly from: number;
    readonly to: number;
  }): Promise<ReadonlyMap<string, FilteredCount>>;
  /** Stores runs of a filtered trigger, once. They wait in the queue. */
  sendThrough(triggerId: string, runs: readonly Run[], now: number): Promise<SentThrough>;
  trace(runId: string): Promise<Trace>;
  list(request: RunQuery): Promise<Page<RunSummary>>;
  /**
   * Claims the run for `lease.owner` if it is queued and due, or if its lease has expired. An expired lease is an
   * interruption, with the role that the lease named.
   */
  claim(runId: string, lease: Lease): Promise<Claimed>;
  /**
   * Ends a run whose lease `owner` holds. The same write ensures that its slots are freed and its deliveries planned.
   * `lost`: another executor holds it, or it has ended; nothing was written.
   */
  end(runId: string, owner: string, end: RunEnd): Promise<'ended' | 'lost'>;
  /**
   * Returns a claimed run to the queue, to be claimed again from `availableAt` (Unix ms) on. Its attempt counts if the
   * run was the interruption's culprit.
   *
   * @param interruption `null` if nothing went wrong: the run only has to wait
   * @returns `cancel-requested`: nothing was written, and the caller still holds the run, to end it as cancelled
   */
  release(
    runId: string,
    owner: string,
    availableAt: number,
    interruption: Interruption | null,
  ): Promise<'released' | 'cancel-requested' | 'lost'>;
  /** Notes that budgets that count runs have counted this one, so that no later attempt counts again. */
  markBudgeted(runId: string): Promise<void>;
  /** Replaces the stored trace of a run in progress; for watching, so it need not be durable. */
  saveTrace(runId: string, owner: string, trace: Trace): Promise<void>;
  /** Changes when a scheduled run is due, Unix ms. `not-scheduled`: it is already due, or it never was scheduled. */
  reschedule(runId: string, scheduledAt: number): Promise<'rescheduled' | 'not-scheduled' | 'missing'>;
  /** Cancels a scheduled or queued run immediately; marks a running one, and tells its executor through `RunSignals`. */
  requestCancel(runId: string, now: number): Promise<'cancelled' | 'requested' | 'ended' | 'missing'>;
  /** Counts the runs of a period in one pass. */
  stats(request: StatsQuery): Promise<RunStats>;
  /** What waits in the queue now, for all agents. */
  queueDepth(): Promise<QueueDepth>;
}

export interface Dispatch {
  readonly trigger: Trigger;
  readonly runs: readonly Run[];
  /** A repeat within the key's validity returns the runs of the first answer. */
  readonly repeat: IdempotencyKey | null;
  /** The event's own identity gives the trigger its id: it may come again after other agents were linked. */
  readonly mayComeAgain: boolean;
  /** The runs start immediately, held by this executor, instead of waiting in the queue (sync). */
  readonly lease: Lease | null;
}

/** Its runs wait in the queue. */
export type QueuedDispatch = Omit<Dispatch, 'lease'>;

/** How far a polled source was read: from the cursor at which a poll began to the cursor that it returned. */
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
  /** A trigger with this id or repeat key exists; these are its runs, in link order. */
  | { readonly outcome: 'repeated'; readonly runIds: readonly string[] }
  /** The repeat key was used for another event. */
  | { readonly outcome: 'mismatch' }
  /** Over capacity: nothing was stored. */
  | {
      readonly outcome: 'overloaded';
      readonly retryAfterSeconds: number;
      /** What there is too much of, in a sentence for the sender; absent if it is runs that are queued or in progress. */
      readonly detail?: string;
    };

export interface Lease {
  /** Unique to one executor of one attempt. */
  readonly owner: string;
  readonly now: number;
  /** Unix ms. */
  readonly until: number;
  /** The slots that the run occupies while it runs; it takes all or none. */
  readonly slots: readonly Slot[];
  /** The run's role in the interruption if its executor vanishes and the lease expires. */
  readonly ifLost: InterruptionRole;
}

export interface Slot {
  readonly key: string;
  readonly limit: number;
}

export type Claimed =
  /** Without its payload, which the executor loads when it begins. */
  | { readonly outcome: 'claimed'; readonly run: RunRecord }
  /** A slot is full. The engine offers the run again when a place is freed, or at its next check. */
  | { readonly outcome: 'busy'; readonly slot: string }
  /** Another executor holds it, it is not due, it has ended, or it does not exist. */
  | { readonly outcome: 'not-claimable' };

export interface RunEnd {
  readonly status: EndedStatus;
  readonly endedAt: number;
  readonly output: string | null;
  readonly error: RunError | null;
  readonly tokenUsage: TokenUsage | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  /** `null` if it stays as its trigger set it. */
  readonly context: JsonObject | null;
  /** `null`, like `context`. */
  readonly warnings: readonly string[] | null;
  readonly trace: Trace;
  /** `false` if the result is not delivered; otherwise absent. */
  readonly publishes?: false;
}

/** What the end of a run says if no attempt has anything to report. */
export const nothingReported: Omit<RunEnd, 'status' | 'endedAt'> = {
  output: null,
  error: null,
  tokenUsage: null,
  costUsd: null,
  model: null,
  context: null,
  warnings: null,
  trace: emptyTrace,
};

export interface RunQuery extends PageRequest {
  readonly statuses?: readonly RunStatus[];
  readonly agentName?: string;
  readonly connectorId?: string;
  /** `provider/model` of the last model call. */
  readonly model?: string;
  /** Of ended runs, from start to end, in ms. */
  readonly minDurationMs?: number;
  /** Bounds of `queuedAt`, Unix ms: `from` is inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Text in payload, output, or error; or `key=value` in the context. */
  readonly search?: string;
}

export interface TriggerQuery extends PageRequest {
  readonly outcome: 'accepted' | 'filtered';
  readonly connectorId?: string;
  /** Bounds of `receivedAt`, Unix ms: `from` is inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Text in the payload, or `key=value` in the context. */
  readonly search?: string;
}

export interface FilteredCount {
  readonly filtered: number;
  /** When the newest of them was received, Unix ms. */
  readonly lastReceivedAt: number;
}

export type SentThrough =
  | { readonly outcome: 'stored' }
  /** It was sent through before, or is no longer stored as filtered: nothing was stored. */
  | { readonly outcome: 'not-filtered' }
  | Extract<Dispatched, { outcome: 'overloaded' }>;

export interface StatsQuery {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly agentName?: string;
}

/** Counts of the same runs, grouped in several ways. */
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
  /** Of the runs whose model has a known price; `null` if tokens were used and none of them has. */
  readonly costUsd: number | null;
  /** From start to end of the ended runs, in ms, exact to 1%; `null` if none ended. */
  readonly durationMs: { readonly p50: number; readonly p95: number } | null;
}

export interface StatsBucket extends RunCounts {
  /** Unix ms of the bucket's start: a multiple of its length. */
  readonly from: number;
}

export interface QueueDepth {
  /** Queued runs, including those that wait for a slot, for their next attempt, or in a hold; not scheduled ones. */
  readonly queued: number;
  /** How many of them wait in a hold. */
  readonly held: number;
  /** When the oldest of the others was queued, or due if it was scheduled, Unix ms; `null` if there is none. */
  readonly oldestQueuedAt: number | null;
}
