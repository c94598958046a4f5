import type { IdempotencyKey } from '../../../core/connectors/received.ts';
import type { Dispatched, Lease } from '../../../core/ports/run-store.ts';
import type { Filtered } from '../../../core/triggers/trigger.ts';
import {
  type Connection,
  number,
  positionAt,
  type Row,
  TimedPositions,
  text,
  textOrNull,
} from '../store/connection.ts';
import type { MoveRow } from './poll-writes.ts';

/** Triggers with their runs, in order. Flat, since every accepted event crosses to the writer. */
export interface DispatchRows {
  readonly triggers: FlatRows<TriggerRow>;
  /** The runs of the first trigger, then those of the second, and so on. */
  readonly runs: FlatRows<RunRow>;
  /** One per trigger. */
  readonly repeats: readonly (IdempotencyKey | null)[];
  /** Of the executor that holds all of the runs from the start; `null` if they are queued. */
  readonly lease: Lease | null;
  /** One per trigger, `null` if it has runs; absent if all have. */
  readonly filtered?: readonly (Filtered | null)[];
  /** Cursor move of the polled connector, if these are all of its triggers. */
  readonly move?: MoveRow;
}

export type TriggerRow = readonly [
  triggerId: string,
  connectorId: string | null,
  receivedAt: number,
  payload: string | null,
  payloadFile: string | null,
  /** JSON; `null` if empty. */
  context: string | null,
  modelInput: string | null,
  /** JSON; `null` if there are none. */
  warnings: string | null,
  /** JSON; `null` if there is none. */
  origin: string | null,
  /** JSON; `null` if no request brought the trigger. */
  arrival: string | null,
  runs: number,
  /** Unix ms; `null` if the runs are due immediately. */
  scheduledAt: number | null,
  /** JSON; `null` if no runs led to the trigger. */
  chain: string | null,
];

export type RunRow = readonly [
  runId: string,
  agentName: string,
  parentRunId: string | null,
  concurrencyKey: string | null,
  /** Key of the hold that the run waits in. */
  waitsFor: string | null,
];

/** Inserts a queued run. One that waits for a hold that has ended on the way here waits for nothing. */
function queuedRunWrites(
  connection: Connection,
): (position: number, at: number, triggerId: string, connectorId: string | null, run: RunRow) => void {
  const insert = connection.statement(`
    INSERT INTO runs (position, queued_at, available_at, trigger_id, connector_id, run_id, agent_name, parent_run_id,
      concurrency_key, waiting_for, status, attempts)
    VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', 0)`);
  const isHold = connection.statement('SELECT 1 FROM holds WHERE hold_key = ?');
  return (
    position,
    at,
    triggerId,
    connectorId,
    [runId, agentName, parentRunId, concurrencyKey, waitsFor],
  ) => {
    const hold = waitsFor === null || isHold.get(waitsFor) === undefined ? null : waitsFor;
    insert.run(position, at, triggerId, connectorId, runId, agentName, parentRunId, concurrencyKey, hold);
  };
}

type Unstored = Exclude<Dispatched, { outcome: 'stored' | 'overloaded' }>;

/**
 * Writes triggers with their runs: the hottest operation of the engine.
 *
 * @param positions of runs
 * @param moveCursor moves the cursor of a polled connector; called if every trigger is stored, now or before
 * @returns the outcome of each trigger; `null` if it was stored
 */
export function dispatchRuns(
  connection: Connection,
  positions: TimedPositions,
  moveCursor: (move: MoveRow) => void,
): (rows: DispatchRows) => (Unstored | null)[] {
  const insertAsFiltered = insertFiltered(connection);
  const repeats = repeatKeys(connection);
  const insertTrigger = connection.statement(`
    INSERT INTO triggers (trigger_id, received_at, payload, payload_file, context, model_input, warnings, origin,
      arrival)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const insertQueued = queuedRunWrites(connection);
  const insertScheduled = connection.statement(`
    INSERT INTO runs (position, queued_at, available_at, trigger_id, connector_id, run_id, agent_name, parent_run_id,
      concurrency_key, status, attempts, scheduled_at)
    VALUES (?1, ?2, ?9, ?3, ?4, ?5, ?6, ?7, ?8, 'scheduled', 0, ?9)`);
  const insertHeld = connection.statement(`
    INSERT INTO runs (position, queued_at, available_at, trigger_id, connector_id, run_id, agent_name, parent_run_id,
      concurrency_key, status, attempts, lease_owner, lease_until, started_at, if_lost)
    VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running', 1, ?9, ?10, ?11, ?12)`);
  // Few runs have one.
  const setChain = connection.statement('UPDATE runs SET chain = ? WHERE position = ?');
  const runsOfTrigger = runIdsOfTrigger(connection);

  const insertRuns = (trigger: TriggerRow, runs: readonly RunRow[], lease: Lease | null) => {
    const [triggerId, connectorId, receivedAt, , , , , , , , , scheduledAt, chain] = trigger;
    const first = positions.next(receivedAt, runs.length);
    for (const [index, run] of runs.entries()) {
      const position = first + index;
      const place = [position, receivedAt, triggerId, connectorId] as const;
      const [runId, agentName, parentRunId, concurrencyKey] = run;
      const fields = [runId, agentName, parentRunId, concurrencyKey] as const;
      if (scheduledAt !== null) insertScheduled.run(...place, ...fields, scheduledAt);
      else if (lease === null) insertQueued(...place, run);
      else {
        const { owner, until, now, ifLost } = lease;
        insertHeld.run(...place, ...fields, owner, until, now, ifLost);
      }
      if (chain !== null) setChain.run(chain, position);
    }
  };

  const store = (
    trigger: TriggerRow,
    runs: readonly RunRow[],
    repeat: IdempotencyKey | null,
    lease: Lease | null,
    filtered: Filtered | null,
  ) => {
    const [triggerId, connectorId, receivedAt, ...content] = trigger;
    const [payload, file, context, modelInput, warnings, origin, arrival] = content;
    const earlier = repeat === null ? null : repeats.find(connectorId, repeat, receivedAt);
    if (earlier !== null) return earlier;
    const facts = [context, modelInput, warnings, origin, arrival] as const;
    const inserted = insertTrigger.run(triggerId, receivedAt, payload, file, ...facts);
    if (inserted === 0) return { outcome: 'repeated', runIds: runsOfTrigger(triggerId) } as const;
    if (filtered !== null) insertAsFiltered(triggerId, connectorId, receivedAt, filtered);
    else insertRuns(trigger, runs, lease);
    if (repeat !== null) repeats.keep(connectorId, repeat, receivedAt, runs);
    return null;
  };

  return ({ triggers, runs, repeats, lease, filtered, move }) => {
    let stored = 0;
    const unstored = repeats.map((repeat, index) => {
      const trigger = rowAt(triggers, index);
      const first = stored;
      stored += trigger[10];
      const runsOfIt = Array.from({ length: trigger[10] }, (_, offset) => rowAt(runs, first + offset));
      return store(trigger, runsOfIt, repeat, lease, filtered?.[index] ?? null);
    });
    if (move !== undefined && unstored.every((one) => one?.outcome !== 'mismatch')) moveCursor(move);
    return unstored;
  };
}

/**
 * The ids of a trigger's runs in link order. A filtered trigger's own record names them. The positions of the others are
 * consecutive, at the trigger's time or soon after, so no index is needed.
 */
export function runIdsOfTrigger(connection: Pick<Connection, 'statement'>): (triggerId: string) => string[] {
  const selectTrigger = connection.statement('SELECT received_at FROM triggers WHERE trigger_id = ?');
  const selectSent = connection.statement('SELECT run_ids FROM filtered_triggers WHERE trigger_id = ?');
  const selectFirst = connection.statement(
    'SELECT position FROM runs WHERE position >= ? AND trigger_id = ? ORDER BY position LIMIT 1',
  );
  const selectRuns = connection.statement(`
    SELECT run_id FROM runs WHERE position >= ?1 AND position < coalesce(
      (SELECT position FROM runs WHERE position > ?1 AND trigger_id <> ?2 ORDER BY position LIMIT 1), ?3)
    ORDER BY position`);
  return (triggerId) => {
    const trigger = selectTrigger.get(triggerId);
    if (trigger === undefined) return [];
    const filtered = selectSent.get(triggerId);
    if (filtered !== undefined) return JSON.parse(textOrNull(filtered, 'run_ids') ?? '[]');
    const first = selectFirst.get(positionAt(number(trigger, 'received_at')), triggerId);
    if (first === undefined) return [];
    const rows = selectRuns.all(number(first, 'position'), triggerId, Number.MAX_SAFE_INTEGER);
    return rows.map((row) => text(row, 'run_id'));
  };
}

function repeatKeys(connection: Connection) {
  const select = connection.statement(
    'SELECT fingerprint, run_ids, expires_at FROM repeat_keys WHERE connector_id = ? AND key = ?',
  );
  const upsert = connection.statement(
    'INSERT OR REPLACE INTO repeat_keys (connector_id, key, fingerprint, run_ids, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    find(connectorId: string | null, repeat: IdempotencyKey, now: number) {
      const row = select.get(connectorId ?? '', repeat.key);
      if (row === undefined || number(row, 'expires_at') <= now) return null;
      return text(row, 'fingerprint') === repeat.fingerprint
        ? repeated(row)
        : ({ outcome: 'mismatch' } as const);
    },
    keep(connectorId: string | null, repeat: IdempotencyKey, now: number, runs: readonly RunRow[]) {
      const runIds = JSON.stringify(runs.map(([runId]) => runId));
      upsert.run(connectorId ?? '', repeat.key, repeat.fingerprint, runIds, now + repeat.validForMs);
    },
  };
}

function repeated(row: Row): { readonly outcome: 'repeated'; readonly runIds: readonly string[] } {
  return { outcome: 'repeated', runIds: JSON.parse(text(row, 'run_ids')) };
}

/**
 * Rows of one shape, flattened into one list of values. Crossing to another thread costs per object, and this is one
 * object for any number of rows.
 */
interface FlatRows<FlatRow extends readonly unknown[]> {
  /** How many values make up a row. */
  readonly width: number;
  readonly values: readonly FlatRow[number][];
}

/** @param width the length of each row */
export function flatRows<FlatRow extends readonly unknown[]>(
  width: FlatRow['length'],
  rows: readonly FlatRow[],
): FlatRows<FlatRow> {
  const [only] = rows;
  return { width, values: rows.length === 1 && only !== undefined ? only : rows.flat() };
}

/** The row at `index`, counted from 0. */
function rowAt<FlatRow extends readonly unknown[]>(
  { width, values }: FlatRows<FlatRow>,
  index: number,
): FlatRow {
  return values.slice(index * width, (index + 1) * width) as readonly unknown[] as FlatRow;
}

/** Marks a trigger, stored in the same transaction, as filtered. */
function insertFiltered(
  connection: Connection,
): (triggerId: string, connectorId: string | null, receivedAt: number, filtered: Filtered) => void {
  const positions = new TimedPositions(connection, 'filtered_triggers');
  const insert = connection.statement(`
    INSERT INTO filtered_triggers (position, trigger_id, connector_id, reason, agents) VALUES (?, ?, ?, ?, ?)`);
  return (triggerId, connectorId, receivedAt, { reason, agents }) => {
    const position = positions.next(receivedAt);
    insert.run(position, triggerId, connectorId ?? '', reason, JSON.stringify(agents));
  };
}

/**
 * Queues runs of a filtered trigger, unless it was sent through before.
 *
 * @param positions of runs
 * @returns whether the runs were stored
 */
export function sendThrough(
  connection: Connection,
  positions: TimedPositions,
): (triggerId: string, runs: readonly RunRow[], now: number) => boolean {
  const mark = connection.statement(`
    UPDATE filtered_triggers SET sent_at = ?, run_ids = ? WHERE trigger_id = ? AND sent_at IS NULL
    RETURNING connector_id`);
  const insert = queuedRunWrites(connection);
  return (triggerId, runs, now) => {
    const marked = mark.get(now, JSON.stringify(runs.map(([runId]) => runId)), triggerId);
    if (marked === undefined) return false;
    const first = positions.next(now, runs.length);
    for (const [index, run] of runs.entries()) {
      insert(first + index, now, triggerId, text(marked, 'connector_id'), run);
    }
    return true;
  };
}
