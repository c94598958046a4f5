import {
  type Connection,
  flag,
  number,
  numberOrNull,
  positionAt,
  type Row,
  type Statement,
  text,
  textOrNull,
} from '../store/connection.ts';

/** Rows removed per operation: takes a few milliseconds. */
export const removedAtATime = 100;

/** Removes data that is too old. */
export function retentionWrites(connection: Connection) {
  return {
    /** Scans the next runs after the position `after`; removes those that ended before `before`, Unix ms. */
    removeOldRuns: removeOldRuns(connection),
    /** @returns how many rows were removed: those older than `before`, Unix ms, at most `removedAtATime` */
    removeExpired: removeExpired(connection),
  };
}

export interface RemovedRuns {
  /** `null` if no more runs are old enough. */
  readonly lastPosition: number | null;
  /** Files that belonged to the removed runs. */
  readonly files: readonly string[];
}

/**
 * Scans the next `removedAtATime` runs, and removes those that ended before that time and have no unended delivery. A
 * run ends after it is queued, so no run at a later position can have ended.
 */
function removeOldRuns(connection: Connection): (after: number, before: number) => RemovedRuns {
  const select = connection.statement(`
    SELECT position, run_id, trigger_id, ended_at, output_file,
      EXISTS (SELECT 1 FROM deliveries WHERE run_id = runs.run_id AND status IN ('pending', 'held')) AS is_awaited
    FROM runs LEFT JOIN run_results USING (position)
    WHERE position > ? AND position < ? ORDER BY position LIMIT ${removedAtATime}`);
  const ofPosition = ['runs', 'run_results', 'traces'].map((table) =>
    connection.statement(`DELETE FROM ${table} WHERE position = ?`),
  );
  const ofRun = [
    'DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT delivery_id FROM deliveries WHERE run_id = ?)',
    'DELETE FROM deliveries WHERE run_id = ?',
    'DELETE FROM outbox WHERE run_id = ?',
  ].map((sql) => connection.statement(sql));
  const removeTrigger = connection.statement(`
    DELETE FROM triggers WHERE trigger_id = ? AND NOT EXISTS (
      SELECT 1 FROM runs WHERE position BETWEEN ? AND ? AND runs.trigger_id = triggers.trigger_id)
    RETURNING payload_file`);

  /** @returns the payload file, if there is one and the trigger has no other runs */
  const removeRun = (row: Row, position: number): string | null => {
    for (const statement of ofPosition) statement.run(position);
    for (const statement of ofRun) statement.run(text(row, 'run_id'));
    const trigger = removeTrigger.get(text(row, 'trigger_id'), position - fanOutSpan, position + fanOutSpan);
    return trigger === undefined ? null : textOrNull(trigger, 'payload_file');
  };

  return (after, before) => {
    const rows = select.all(after, positionAt(before));
    const files = rows
      .filter((row) => isDone(row, before))
      .flatMap((row) => [textOrNull(row, 'output_file'), removeRun(row, number(row, 'position'))])
      .filter((file) => file !== null);
    const last = rows.at(-1);
    return { lastPosition: last === undefined ? null : number(last, 'position'), files };
  };
}

function isDone(row: Row, before: number): boolean {
  const endedAt = numberOrNull(row, 'ended_at');
  return endedAt !== null && endedAt < before && !flag(row, 'is_awaited');
}

/** All runs of a trigger are within this distance of each other, since their positions are consecutive. */
const fanOutSpan = positionAt(2);

/** Tables whose rows expire or age out. */
export const expiringTables = [
  'repeat_keys',
  'sessions',
  'dead_letters',
  'connector_events',
  'api_keys',
  'audit_log',
  'refused_requests',
  'filtered_triggers',
  'deliveries',
] as const;
export type ExpiringTable = (typeof expiringTables)[number];

/** Deliveries of operational events, which belong to no run that would take them with it. */
const oldEvents = `
  SELECT position FROM deliveries INDEXED BY deliveries_of_events
  WHERE event IS NOT NULL AND created_at < ?1 AND status NOT IN ('pending', 'held') LIMIT ${removedAtATime}`;

/** Removes up to `removedAtATime` rows of a table. */
function removeExpired(connection: Connection): (table: ExpiringTable, before: number) => number {
  const removal = (table: ExpiringTable, key: string, time: string) =>
    connection.statement(`
      DELETE FROM ${table} WHERE (${key}) IN (
        SELECT ${key} FROM ${table} WHERE ${time} <= ? LIMIT ${removedAtATime})`);
  const byPosition = (table: ExpiringTable) =>
    connection.statement(`
      DELETE FROM ${table} WHERE position IN (
        SELECT position FROM ${table} WHERE at < ? ORDER BY position LIMIT ${removedAtATime})`);
  const removals: Readonly<Record<ExpiringTable, Statement>> = {
    repeat_keys: removal('repeat_keys', 'connector_id, key', 'expires_at'),
    sessions: removal('sessions', 'agent_name, session_key', 'expires_at'),
    dead_letters: byPosition('dead_letters'),
    connector_events: byPosition('connector_events'),
    api_keys: removal('api_keys', 'position', 'coalesce(revoked_at, expires_at)'),
    audit_log: byPosition('audit_log'),
    refused_requests: byPosition('refused_requests'),
    filtered_triggers: connection.statement(`
      DELETE FROM filtered_triggers WHERE position IN (
        SELECT position FROM filtered_triggers
        WHERE position < ?1 * ${positionAt(1)} AND coalesce(sent_at, 0) < ?1 ORDER BY position LIMIT ${removedAtATime})`),
    deliveries: connection.statement(`DELETE FROM deliveries WHERE position IN (${oldEvents})`),
  };
  const removeAttempts = connection.statement(`
    DELETE FROM delivery_attempts WHERE delivery_id IN (
      SELECT delivery_id FROM deliveries WHERE position IN (${oldEvents}))`);
  // The runs of one that was sent through take its content with them when they are removed.
  const removeContents = connection.statement(`
    DELETE FROM triggers WHERE trigger_id IN (
      SELECT trigger_id FROM filtered_triggers
      WHERE position < ?1 * ${positionAt(1)} AND sent_at IS NULL ORDER BY position LIMIT ${removedAtATime})`);
  return (table, before) => {
    if (table === 'filtered_triggers') removeContents.run(before);
    if (table === 'deliveries') removeAttempts.run(before);
    return removals[table].run(before);
  };
}
