import { eventLink } from '../../../core/events/operational-event.ts';
import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import type { EndedStatus, Interruption } from '../../../core/runs/run.ts';
import { type Connection, number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { StoredText } from '../store/data-folder.ts';
import { interruptedBy, interruptedRuns, interruptedValues, lapseOf } from './interrupted-work.ts';

/** Lapsed leases are rare; more of them wait for the next call. */
const maxRequeued = 100;

type RowClaimed =
  /** With its row; `fromQueue` is false if an executor held the run and let its lease lapse. */
  | { readonly outcome: 'claimed'; readonly row: Row; readonly fromQueue: boolean }
  | { readonly outcome: 'busy'; readonly slot: Slot }
  | { readonly outcome: 'not-claimable' };

/** Claims runs and gives them back. */
export function leaseRuns(connection: Connection, slots: RunSlots) {
  const findClaimable = connection.statement(`
    SELECT status, slot_keys, if_lost FROM runs WHERE run_id = ? AND (
      (status = 'queued' AND available_at <= ?) OR (status = 'running' AND lease_until <= ?))`);
  const take = connection.statement(`
    UPDATE runs SET status = 'running', attempts = attempts + 1, waiting_for = NULL,
      lease_owner = ?, lease_until = ?, started_at = ?, slot_keys = ?, if_lost = ?
    WHERE run_id = ?`);
  const select = connection.statement('SELECT * FROM runs WHERE run_id = ?');
  const giveBack = connection.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, started_at = NULL,
      ${interruptedBy('?', '?')}
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' AND cancel_requested = 0 RETURNING slot_keys`);
  const putBack = connection.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, started_at = NULL,
      attempts = attempts - 1
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' AND cancel_requested = 0 RETURNING slot_keys`);
  const selectHeld = connection.statement(
    `SELECT 1 FROM runs WHERE run_id = ? AND lease_owner = ? AND status = 'running'`,
  );
  const hurry = connection.statement(`
    UPDATE runs SET available_at = ?1
    WHERE status = 'queued' AND waiting_for IS NULL AND agent_name = ?2 AND available_at > ?1`);
  const markBudgeted = connection.statement('UPDATE runs SET budgeted = 1 WHERE run_id = ?');
  const selectExpired = connection.statement(`
    SELECT run_id, slot_keys, if_lost FROM runs INDEXED BY runs_by_status
    WHERE status = 'running' AND lease_until <= ? AND run_id NOT IN (SELECT value FROM json_each(?))
    LIMIT ${maxRequeued}`);
  const interrupted = interruptedRuns(connection);
  const putBackLapsed = lapsedRuns(connection, slots);

  const requeueExpired = (now: number, inHand: readonly string[]): number => {
    const expired = selectExpired.all(now, JSON.stringify(inHand));
    for (const row of expired) putBackLapsed(row, now);
    return expired.length;
  };

  return {
    claimRun(runId: string, lease: Lease): RowClaimed {
      const found = findClaimable.get(runId, lease.now, lease.now);
      if (found === undefined) return { outcome: 'not-claimable' };
      const fromQueue = text(found, 'status') === 'queued';
      slots.free(runId, slotKeysOfRow(found));
      const busy = slots.take(runId, lease.slots);
      if (busy !== null) {
        slots.park(runId, lease.slots, busy);
        return { outcome: 'busy', slot: busy };
      }
      const keys = lease.slots.length === 0 ? null : JSON.stringify(lease.slots.map((slot) => slot.key));
      if (!fromQueue) interrupted.putBack(runId, lapseOf(found, lease.now), lease.now);
      take.run(lease.owner, lease.until, lease.now, keys, lease.ifLost, runId);
      const row = select.get(runId);
      if (row === undefined) return { outcome: 'not-claimable' };
      return { outcome: 'claimed', row, fromQueue };
    },
    /** `RunStore.release`. */
    releaseRun(
      runId: string,
      owner: string,
      availableAt: number,
      interruption: Interruption | null,
    ): 'released' | 'cancel-requested' | 'lost' {
      const row =
        interruption === null
          ? putBack.get(availableAt, runId, owner)
          : giveBack.get(availableAt, ...interruptedValues(interruption), runId, owner);
      if (row === undefined) return selectHeld.get(runId, owner) === undefined ? 'lost' : 'cancel-requested';
      slots.free(runId, slotKeysOfRow(row));
      return 'released';
    },
    /** Makes the queued runs of agents due by `now` (Unix ms): they were put off because nobody knew these agents. */
    hurryRuns(agentNames: readonly string[], now: number): void {
      for (const agentName of agentNames) hurry.run(now, agentName);
    },
    markBudgeted(runId: string): void {
      markBudgeted.run(runId);
    },
    /**
     * Puts back runs whose leases have lapsed by `now`, and offers every place that became free unnoticed.
     * @param inHand ids of the runs that this process executes: their executor is alive, whatever the clock shows
     * @returns how many runs were put back
     */
    tidyRuns(now: number, inHand: readonly string[]): number {
      const requeued = requeueExpired(now, inHand);
      slots.wakeOneOfEach();
      return requeued;
    },
  };
}

/** Puts a run back into the queue whose lease has lapsed, by its row: id, places, and role in the interruption. */
export function lapsedRuns(connection: Connection, slots: RunSlots): (row: Row, now: number) => void {
  const interrupted = interruptedRuns(connection);
  return (row, now) => {
    const runId = text(row, 'run_id');
    slots.free(runId, slotKeysOfRow(row));
    interrupted.putBack(runId, lapseOf(row, now), now);
  };
}

/** Keys of the slots in which the run holds a place. */
function slotKeysOfRow(row: Row): readonly string[] {
  return JSON.parse(textOrNull(row, 'slot_keys') ?? '[]');
}

/** The places that running runs take, and the runs that wait for one. */
export interface RunSlots {
  /** Takes a place in every slot for the run, or in none; then returns the first full slot. */
  take(runId: string, slots: readonly Slot[]): Slot | null;
  /** Frees the run's places, and offers each to the run with the longest wait for it. */
  free(runId: string, slotKeys: readonly string[]): void;
  /** Holds a queued run back until a place in `busy` is free; other runs may take its places in the other slots. */
  park(runId: string, slots: readonly Slot[], busy: Slot): void;
  /** Offers the free places that a queued run may have been woken for to the next runs in line. */
  pass(runId: string, slots: readonly Slot[]): void;
  /**
   * Offers one place in every slot that runs wait for: after limits were raised or runs left the queue. A hold has no
   * places.
   */
  wakeOneOfEach(): void;
}

export function runSlots(connection: Connection): RunSlots {
  const countOthers = connection.statement(
    'SELECT count(*) AS taken FROM slots WHERE slot_key = ? AND run_id <> ?',
  );
  const insert = connection.statement('INSERT OR IGNORE INTO slots (slot_key, run_id) VALUES (?, ?)');
  const remove = connection.statement('DELETE FROM slots WHERE slot_key = ? AND run_id = ?');
  const markWaiting = connection.statement(
    `UPDATE runs SET waiting_for = ? WHERE run_id = ? AND status = 'queued'`,
  );
  const wakeLongestWaiting = connection.statement(`
    UPDATE runs SET waiting_for = NULL WHERE position = (
      SELECT position FROM runs WHERE waiting_for = ? ORDER BY available_at, position LIMIT 1)`);
  const wakeEach = connection.statement(`
    WITH RECURSIVE waited_for (slot_key) AS (
      SELECT min(waiting_for) FROM runs WHERE waiting_for IS NOT NULL
      UNION ALL
      SELECT (SELECT min(waiting_for) FROM runs WHERE waiting_for > slot_key)
      FROM waited_for WHERE slot_key IS NOT NULL)
    UPDATE runs SET waiting_for = NULL WHERE position IN (
      SELECT (SELECT position FROM runs WHERE waiting_for = slot_key ORDER BY available_at, position LIMIT 1)
      FROM waited_for WHERE slot_key IS NOT NULL AND slot_key NOT IN (SELECT hold_key FROM holds))`);

  const hasPlace = (slot: Slot, runId: string) => {
    const row = countOthers.get(slot.key, runId);
    return row !== undefined && number(row, 'taken') < slot.limit;
  };
  const pass = (runId: string, slots: readonly Slot[]) => {
    for (const slot of slots) if (hasPlace(slot, runId)) wakeLongestWaiting.run(slot.key);
  };

  return {
    take(runId, slots) {
      const busy = slots.find((slot) => !hasPlace(slot, runId));
      if (busy !== undefined) return busy;
      for (const slot of slots) insert.run(slot.key, runId);
      return null;
    },
    free(runId, slotKeys) {
      for (const key of slotKeys) {
        remove.run(key, runId);
        wakeLongestWaiting.run(key);
      }
    },
    park(runId, slots, busy) {
      markWaiting.run(busy.key, runId);
      pass(
        runId,
        slots.filter((slot) => slot !== busy),
      );
    },
    pass,
    wakeOneOfEach() {
      wakeEach.run();
    },
  };
}

/** The end of a run, as values for its rows. */
export interface EndRows {
  /** In the order of the statement that marks the end. */
  readonly columns: EndColumns;
  readonly output: StoredText | null;
  /** The final context and warnings, as JSON; `null` if they are unchanged and there is no output. */
  readonly result: { readonly context: string; readonly warnings: string } | null;
  /** JSON; `null` if empty. */
  readonly trace: string | null;
}

type EndColumns = readonly [
  status: EndedStatus,
  endedAt: number,
  errorCode: string | null,
  errorMessage: string | null,
  tokensInput: number | null,
  tokensOutput: number | null,
  tokensTotal: number | null,
  tokensCached: number | null,
  tokensReasoning: number | null,
  costUsd: number | null,
  model: string | null,
  unpublished: 1 | null,
];

/** Ends runs: each once, with its outbox row. */
export function endRuns(connection: Connection, slots: RunSlots) {
  const markEnded = connection.statement(`
    UPDATE runs SET status = ?, ended_at = ?, error_code = ?, error_message = ?, tokens_input = ?, tokens_output = ?,
      tokens_total = ?, tokens_cached = ?, tokens_reasoning = ?, cost_usd = ?, model = ?, unpublished = ?,
      lease_owner = NULL, lease_until = NULL
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' RETURNING position, agent_name, slot_keys`);
  const insertResult = connection.statement(
    'INSERT OR REPLACE INTO run_results (position, output, output_file, context, warnings) VALUES (?, ?, ?, ?, ?)',
  );
  const putTrace = connection.statement('INSERT OR REPLACE INTO traces (position, trace) VALUES (?, ?)');
  const selectStatus = connection.statement(`
    SELECT status, agent_name, waiting_for IN (SELECT hold_key FROM holds) AS is_held FROM runs WHERE run_id = ?`);
  const cancelQueued = connection.statement(
    `UPDATE runs SET status = 'cancelled', ended_at = ?, waiting_for = NULL WHERE run_id = ?`,
  );
  const markCancel = connection.statement('UPDATE runs SET cancel_requested = 1 WHERE run_id = ?');
  const putIntoOutbox = outboxOfEnds(connection);

  return {
    /** `lost`: `owner` does not hold the run; nothing was written. */
    endRun(runId: string, owner: string, end: EndRows): 'ended' | 'lost' {
      const row = markEnded.get(...end.columns, runId, owner);
      if (row === undefined) return 'lost';
      const position = number(row, 'position');
      const { output, result, trace } = end;
      if (result !== null) {
        const { context, warnings } = result;
        insertResult.run(position, output?.text ?? null, output?.file ?? null, context, warnings);
      }
      if (trace !== null) putTrace.run(position, trace);
      slots.free(runId, slotKeysOfRow(row));
      if (end.columns.at(-1) === null) putIntoOutbox(runId, text(row, 'agent_name'), end.columns[0]);
      return 'ended';
    },
    /** `cancelled-elsewhere`: the run was not in the queue but in a hold, or scheduled. */
    requestCancel(
      runId: string,
      now: number,
    ): 'cancelled' | 'cancelled-elsewhere' | 'requested' | 'ended' | 'missing' {
      const found = selectStatus.get(runId);
      if (found === undefined) return 'missing';
      const status = text(found, 'status');
      if (status === 'queued' || status === 'scheduled') {
        cancelQueued.run(now, runId);
        putIntoOutbox(runId, text(found, 'agent_name'), 'cancelled');
        const isInQueue = status === 'queued' && numberOrNull(found, 'is_held') !== 1;
        return isInQueue ? 'cancelled' : 'cancelled-elsewhere';
      }
      if (status !== 'running') return 'ended';
      markCancel.run(runId);
      return 'requested';
    },
  };
}

/**
 * Adds an ended run to the outbox for delivery planning. If no outbound connector links to its agent at that moment, or
 * subscribes to failed runs, the run has nothing to deliver, now or later.
 */
function outboxOfEnds(
  connection: Connection,
): (runId: string, agentName: string, status: EndedStatus) => void {
  // Due at 0: immediately, whatever the clock shows.
  const insert = connection.statement(`
    INSERT INTO outbox (run_id, failures, due_at)
    SELECT ?, 0, 0 WHERE EXISTS (SELECT 1 FROM connector_links WHERE agent_name IN (?, ?) AND mode = 'outbound')
    ON CONFLICT DO NOTHING`);
  return (runId, agentName, status) => {
    insert.run(runId, agentName, status === 'failed' ? eventLink('run.failed') : null);
  };
}
