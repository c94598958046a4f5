import { eventLink } from '../../../core/events/operational-event.ts';
import type { EndedStatus } from '../../../core/runs/run.ts';
import { type Connection, number, numberOrNull, text } from '../store/connection.ts';
import type { StoredText } from '../store/payload-files.ts';
import { type RunSlots, slotKeysOfRow } from './lease-runs.ts';

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
];

/** Ends runs: each once, with its outbox row. */
export function endRuns(connection: Connection, slots: RunSlots) {
  const markEnded = connection.statement(`
    UPDATE runs SET status = ?, ended_at = ?, error_code = ?, error_message = ?, tokens_input = ?, tokens_output = ?,
      tokens_total = ?, tokens_cached = ?, tokens_reasoning = ?, cost_usd = ?, model = ?,
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
      putIntoOutbox(runId, text(row, 'agent_name'), end.columns[0]);
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
