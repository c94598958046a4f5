import type { RunEnd } from '../../../core/ports/run-store.ts';
import type { EndedStatus } from '../../../core/run.ts';
import { number, type Row, text } from '../columns.ts';
import type { Database } from '../database.ts';
import type { StoredText } from '../payload-files.ts';
import { slotKeysOfRow } from './lease-runs.ts';
import type { RunSlots } from './run-slots.ts';

/** How runs end: each once, with its outbox row. To be called within a write of the database. */
export interface EndRuns {
  /** @returns the ended run, or `null` where `owner` does not hold it: then nothing was written */
  end(runId: string, owner: string, end: RunEnd, output: StoredText | null): Row | null;
  requestCancel(runId: string, now: number): CancelRequested;
}

export type CancelRequested =
  | { readonly outcome: 'missing' | 'ended' | 'requested' }
  | { readonly outcome: 'cancelled'; readonly row: Row };

export function endRuns(database: Database, slots: RunSlots): EndRuns {
  const markEnded = database.statement(`
    UPDATE runs SET status = ?, ended_at = ?, error_code = ?, error_message = ?, tokens_input = ?, tokens_output = ?,
      tokens_total = ?, tokens_cached = ?, tokens_reasoning = ?, cost_usd = ?, model = ?,
      lease_owner = NULL, lease_until = NULL
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' RETURNING *`);
  const insertResult = database.statement(
    'INSERT OR REPLACE INTO run_results (position, output, output_file, context, warnings) VALUES (?, ?, ?, ?, ?)',
  );
  const putTrace = database.statement('INSERT OR REPLACE INTO traces (position, trace) VALUES (?, ?)');
  const selectStatus = database.statement('SELECT status FROM runs WHERE run_id = ?');
  const cancelQueued = database.statement(
    `UPDATE runs SET status = 'cancelled', ended_at = ?, waiting_for = NULL WHERE run_id = ? RETURNING *`,
  );
  const markCancel = database.statement('UPDATE runs SET cancel_requested = 1 WHERE run_id = ?');
  const putIntoOutbox = outboxOfEnds(database);

  return {
    end(runId, owner, end, output) {
      const row = markEnded.get(...endColumns(end), runId, owner);
      if (row === undefined) return null;
      const position = number(row, 'position');
      const { context, warnings, trace } = end;
      const stored = output ?? { text: null, file: null };
      insertResult.run(position, stored.text, stored.file, JSON.stringify(context), JSON.stringify(warnings));
      if (trace.spans.length + trace.logs.length > 0) putTrace.run(position, JSON.stringify(trace));
      slots.free(runId, slotKeysOfRow(row));
      putIntoOutbox(row);
      return row;
    },
    requestCancel(runId, now) {
      const found = selectStatus.get(runId);
      if (found === undefined) return { outcome: 'missing' };
      const status = text(found, 'status');
      if (status === 'queued') {
        const row = cancelQueued.get(now, runId);
        if (row === undefined) return { outcome: 'missing' };
        putIntoOutbox(row);
        return { outcome: 'cancelled', row };
      }
      if (status !== 'running') return { outcome: 'ended' };
      markCancel.run(runId);
      return { outcome: 'requested' };
    },
  };
}

function endColumns(end: RunEnd) {
  const usage = end.tokenUsage;
  const status: EndedStatus = end.status;
  return [
    status,
    end.endedAt,
    end.error?.code ?? null,
    end.error?.message ?? null,
    usage?.input ?? null,
    usage?.output ?? null,
    usage?.total ?? null,
    usage?.cached ?? null,
    usage?.reasoning ?? null,
    end.costUsd,
    end.model,
  ] as const;
}

/**
 * Notes an ended run for delivery planning. An agent that no outbound connector links to at that moment has nothing
 * to deliver, now or later.
 */
function outboxOfEnds(database: Database): (row: Row) => void {
  // Due at 0: at once, whatever the clock shows by then.
  const insert = database.statement(`
    INSERT INTO outbox (run_id, failures, due_at)
    SELECT ?, 0, 0 WHERE EXISTS (SELECT 1 FROM connector_links WHERE agent_name = ? AND mode = 'outbound')
    ON CONFLICT DO NOTHING`);
  return (row) => {
    insert.run(text(row, 'run_id'), text(row, 'agent_name'));
  };
}
