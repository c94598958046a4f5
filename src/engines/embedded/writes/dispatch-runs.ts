import type { RepeatKey } from '../../../core/connector-type.ts';
import type { Dispatched, Lease } from '../../../core/ports/run-store.ts';
import { number, type Row, text } from '../columns.ts';
import type { Connection } from '../connection.ts';
import type { StoredText } from '../payload-files.ts';
import { positionAt, TimedPositions } from '../timed-positions.ts';

/** A trigger with its runs as their rows have them: small, since every accepted event crosses to the writer. */
export interface DispatchRows {
  readonly triggerId: string;
  readonly connectorId: string | null;
  readonly receivedAt: number;
  readonly payload: StoredText;
  /** JSON; `null` where it is empty. */
  readonly context: string | null;
  readonly modelInput: string | null;
  /** JSON; `null` where there are none. */
  readonly warnings: string | null;
  readonly runs: readonly RunRow[];
  readonly repeat: RepeatKey | null;
  /** Of the executor that holds the runs from the beginning; `null` where they are queued. */
  readonly lease: Lease | null;
}

type RunRow = readonly [
  runId: string,
  agentName: string,
  parentRunId: string | null,
  concurrencyKey: string | null,
];

/** Writes a trigger with its runs: the hottest operation of the engine. */
export function dispatchRuns(
  connection: Connection,
): (rows: DispatchRows) => Exclude<Dispatched, { outcome: 'overloaded' }> {
  const positions = new TimedPositions(connection, 'runs');
  const repeats = repeatKeys(connection);
  const insertTrigger = connection.statement(`
    INSERT INTO triggers (trigger_id, received_at, payload, payload_file, context, model_input, warnings)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const insertQueued = connection.statement(`
    INSERT INTO runs (position, queued_at, available_at, trigger_id, connector_id, run_id, agent_name, parent_run_id,
      concurrency_key, status, attempts)
    VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', 0)`);
  const insertHeld = connection.statement(`
    INSERT INTO runs (position, queued_at, available_at, trigger_id, connector_id, run_id, agent_name, parent_run_id,
      concurrency_key, status, attempts, lease_owner, lease_until, started_at)
    VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running', 1, ?9, ?10, ?11)`);
  const runsOfTrigger = runIdsOfTrigger(connection);

  return ({ triggerId, connectorId, receivedAt, payload, runs, repeat, lease, ...trigger }) => {
    const earlier = repeat === null ? null : repeats.find(connectorId, repeat, receivedAt);
    if (earlier !== null) return earlier;
    const { context, modelInput, warnings } = trigger;
    const { text: inline, file } = payload;
    const inserted = insertTrigger.run(triggerId, receivedAt, inline, file, context, modelInput, warnings);
    if (inserted === 0) return { outcome: 'repeated', runIds: runsOfTrigger(triggerId) };
    for (const run of runs) {
      const position = positions.next(receivedAt);
      if (lease === null) insertQueued.run(position, receivedAt, triggerId, connectorId, ...run);
      else {
        const { owner, until, now } = lease;
        insertHeld.run(position, receivedAt, triggerId, connectorId, ...run, owner, until, now);
      }
    }
    if (repeat !== null) repeats.keep(connectorId, repeat, receivedAt, runs);
    return { outcome: 'stored' };
  };
}

/**
 * The ids of a trigger's runs in link order. Their positions are of the trigger's time, so that no index is needed.
 * A fan-out that is larger than a millisecond's positions reaches into the next one's.
 */
function runIdsOfTrigger(connection: Connection): (triggerId: string) => string[] {
  const selectTrigger = connection.statement('SELECT received_at FROM triggers WHERE trigger_id = ?');
  const selectRuns = connection.statement(
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

function repeatKeys(connection: Connection) {
  const select = connection.statement(
    'SELECT fingerprint, run_ids, expires_at FROM repeat_keys WHERE connector_id = ? AND key = ?',
  );
  const upsert = connection.statement(
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
    keep(connectorId: string | null, repeat: RepeatKey, now: number, runs: readonly RunRow[]) {
      const runIds = JSON.stringify(runs.map(([runId]) => runId));
      upsert.run(connectorId ?? '', repeat.key, repeat.fingerprint, runIds, now + repeat.validForMs);
    },
  };
}

function repeated(row: Row): { readonly outcome: 'repeated'; readonly runIds: readonly string[] } {
  return { outcome: 'repeated', runIds: JSON.parse(text(row, 'run_ids')) };
}
