import type { RepeatKey } from '../../../core/connector-type.ts';
import type { Dispatch, Dispatched, Lease } from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/run.ts';
import { number, type Row, text } from '../columns.ts';
import type { Database } from '../database.ts';
import type { StoredText } from '../payload-files.ts';
import { positionAt, TimedPositions } from '../timed-positions.ts';

/** Writes a trigger with its runs; to be called within a write of the database. */
export type DispatchRuns = (
  dispatch: Dispatch,
  payload: StoredText,
) => Exclude<Dispatched, { outcome: 'overloaded' }>;

/** Prepares the statements that dispatch needs: the hottest path of the engine. */
export function dispatchRuns(database: Database): DispatchRuns {
  const positions = new TimedPositions(database, 'runs');
  const repeats = repeatKeys(database);
  const insertTrigger = database.statement(`
    INSERT INTO triggers (trigger_id, received_at, payload, payload_file, context, model_input, warnings)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const insertQueued = database.statement(`
    INSERT INTO runs (position, run_id, trigger_id, agent_name, connector_id, parent_run_id, concurrency_key, status,
      queued_at, available_at, attempts)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?8, 0)`);
  const insertHeld = database.statement(`
    INSERT INTO runs (position, run_id, trigger_id, agent_name, connector_id, parent_run_id, concurrency_key, status,
      queued_at, available_at, attempts, lease_owner, lease_until, started_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'running', ?8, ?8, 1, ?9, ?10, ?11)`);
  const runsOfTrigger = runIdsOfTrigger(database);

  const insert = (run: Run, position: number, lease: Lease | null) => {
    const { runId, triggerId, agentName, connectorId, parentRunId, concurrencyKey, queuedAt } = run;
    const trunk = [position, runId, triggerId, agentName, connectorId, parentRunId, concurrencyKey, queuedAt];
    if (lease === null) insertQueued.run(...trunk);
    else insertHeld.run(...trunk, lease.owner, lease.until, lease.now);
  };

  return ({ trigger, runs, repeat, lease }, payload) => {
    const earlier = repeat === null ? null : repeats.find(trigger.connectorId, repeat, trigger.receivedAt);
    if (earlier !== null) return earlier;
    const inserted = insertTrigger.run(
      trigger.triggerId,
      trigger.receivedAt,
      payload.text,
      payload.file,
      Object.keys(trigger.context).length === 0 ? null : JSON.stringify(trigger.context),
      trigger.modelInput,
      trigger.warnings.length === 0 ? null : JSON.stringify(trigger.warnings),
    );
    if (inserted === 0) return { outcome: 'repeated', runIds: runsOfTrigger(trigger.triggerId) };
    for (const run of runs) insert(run, positions.next(trigger.receivedAt), lease);
    if (repeat !== null) repeats.keep(trigger.connectorId, repeat, trigger.receivedAt, runs);
    return { outcome: 'stored' };
  };
}

/**
 * The ids of a trigger's runs in link order. Their positions are of the trigger's time, so that no index is needed.
 * A fan-out that is larger than a millisecond's positions reaches into the next one's.
 */
function runIdsOfTrigger(database: Database): (triggerId: string) => string[] {
  const selectTrigger = database.statement('SELECT received_at FROM triggers WHERE trigger_id = ?');
  const selectRuns = database.statement(
    'SELECT run_id FROM runs WHERE position >= ? AND position < ? AND trigger_id = ? ORDER BY position',
  );
  return (triggerId) => {
    const trigger = selectTrigger.get(triggerId);
    if (trigger === undefined) return [];
    const receivedAt = number(trigger, 'received_at');
    const rows = selectRuns.all(positionAt(receivedAt), positionAt(receivedAt + 2), triggerId);
    return rows.map((row) => text(row, 'run_id'));
  };
}

function repeatKeys(database: Database) {
  const select = database.statement(
    'SELECT fingerprint, run_ids, expires_at FROM repeat_keys WHERE connector_id = ? AND key = ?',
  );
  const upsert = database.statement(
    'INSERT OR REPLACE INTO repeat_keys (connector_id, key, fingerprint, run_ids, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    find(connectorId: string | null, repeat: RepeatKey, now: number) {
      const row = select.get(connectorId ?? '', repeat.key);
      if (row === undefined || number(row, 'expires_at') <= now) return null;
      return text(row, 'fingerprint') === repeat.fingerprint
        ? repeated(row)
        : ({ outcome: 'mismatch' } as const);
    },
    keep(connectorId: string | null, repeat: RepeatKey, now: number, runs: readonly Run[]) {
      const runIds = JSON.stringify(runs.map((run) => run.runId));
      upsert.run(connectorId ?? '', repeat.key, repeat.fingerprint, runIds, now + repeat.validForMs);
    },
  };
}

function repeated(row: Row): { readonly outcome: 'repeated'; readonly runIds: readonly string[] } {
  return { outcome: 'repeated', runIds: JSON.parse(text(row, 'run_ids')) };
}
