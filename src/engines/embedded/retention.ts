import { setImmediate as nextTick } from 'node:timers/promises';
import { endedKeysKeptDays } from '../../core/api-key.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { flag, number, type Row, text, textOrNull } from './columns.ts';
import type { Database } from './database.ts';
import type { PayloadFiles } from './payload-files.ts';
import { positionAt } from './timed-positions.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const sweepEveryMs = hourMs;
/** Rows removed by one write: a few milliseconds. */
const batchSize = 100;
/** The audit log outlives what it speaks of. */
const auditDays = 365;
/** A payload file that no row names after this time was left by a crash before its row was written. */
const orphanAfterMs = hourMs;

export interface Retention {
  /** Removes everything that is too old by now. */
  sweep(): Promise<void>;
  /** Sweeps every hour, in the background. */
  start(): void;
  /** Sweeps no more; resolves when what is going on has come to its end. */
  stop(): Promise<void>;
}

interface RetentionParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly retentionDays: number;
  readonly clock: () => number;
  readonly log: Log;
}

/** Removes ended runs with all that belongs to them after `retentionDays`, and what has expired, in small portions. */
export function createRetention({ database, files, retentionDays, clock, log }: RetentionParts): Retention {
  const removeRuns = oldRunRemoval(database);
  const expired = expiredRows(database);
  const isUsed = payloadFileUse(database);
  let stopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const sweepRuns = async (before: number) => {
    let after = -1;
    while (!stopped) {
      const removed = await database.write(() => removeRuns(after, positionAt(before)));
      if (removed.lastPosition === null) return;
      after = removed.lastPosition;
      for (const file of removed.files) await files.remove(file);
      await nextTick();
    }
  };
  const sweepExpired = async (now: number) => {
    const old = now - retentionDays * dayMs;
    for (const remove of expired) {
      while (!stopped && (await database.write(() => remove(now, old))) === batchSize) await nextTick();
    }
  };
  const sweepOrphans = async (before: number) => {
    for await (const file of files.writtenBefore(before)) {
      if (stopped) return;
      if (!isUsed(file)) await files.remove(file);
    }
  };
  const sweep = async () => {
    try {
      const now = clock();
      await sweepRuns(now - retentionDays * dayMs);
      await sweepExpired(now);
      await sweepOrphans(Date.now() - orphanAfterMs);
    } catch (thrown) {
      log.error('retention.failed', { reason: messageOf(thrown) });
    }
  };
  const startSweep = () => {
    sweeping = sweeping.then(sweep);
  };

  return {
    sweep,
    start() {
      startSweep();
      timer = setInterval(startSweep, sweepEveryMs).unref();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearInterval(timer);
      await sweeping;
    },
  };
}

interface RemovedRuns {
  /** `null` where no more runs are old enough. */
  readonly lastPosition: number | null;
  /** Files that belonged to the removed runs. */
  readonly files: readonly string[];
}

/** Removes the ended runs among the next `batchSize` ones, but for those that still have a delivery to make. */
function oldRunRemoval(database: Database): (after: number, before: number) => RemovedRuns {
  const select = database.statement(`
    SELECT position, run_id, trigger_id, status, output_file,
      EXISTS (SELECT 1 FROM deliveries WHERE run_id = runs.run_id AND status = 'pending') AS has_pending
    FROM runs LEFT JOIN run_results USING (position)
    WHERE position > ? AND position < ? ORDER BY position LIMIT ${batchSize}`);
  const ofPosition = ['runs', 'run_results', 'traces'].map((table) =>
    database.statement(`DELETE FROM ${table} WHERE position = ?`),
  );
  const ofRun = [
    'DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT delivery_id FROM deliveries WHERE run_id = ?)',
    'DELETE FROM deliveries WHERE run_id = ?',
    'DELETE FROM outbox WHERE run_id = ?',
  ].map((sql) => database.statement(sql));
  const removeTrigger = database.statement(`
    DELETE FROM triggers WHERE trigger_id = ? AND NOT EXISTS (
      SELECT 1 FROM runs WHERE position BETWEEN ? AND ? AND runs.trigger_id = triggers.trigger_id)
    RETURNING payload_file`);

  /** @returns the file that held the payload, where there is one and the trigger has no other runs */
  const removeRun = (row: Row, position: number): string | null => {
    for (const statement of ofPosition) statement.run(position);
    for (const statement of ofRun) statement.run(text(row, 'run_id'));
    const trigger = removeTrigger.get(text(row, 'trigger_id'), position - fanOutSpan, position + fanOutSpan);
    return trigger === undefined ? null : textOrNull(trigger, 'payload_file');
  };

  return (after, before) => {
    const rows = select.all(after, before);
    const files = rows
      .filter((row) => isDone(row))
      .flatMap((row) => [textOrNull(row, 'output_file'), removeRun(row, number(row, 'position'))])
      .filter((file) => file !== null);
    const last = rows.at(-1);
    return { lastPosition: last === undefined ? null : number(last, 'position'), files };
  };
}

function isDone(row: Row): boolean {
  const status = text(row, 'status');
  return status !== 'queued' && status !== 'running' && !flag(row, 'has_pending');
}

/** Within this distance of a run lie all runs of its trigger. */
const fanOutSpan = positionAt(2);

/** Each removes up to `batchSize` rows and returns how many; gets now and the end of retention, Unix ms. */
function expiredRows(database: Database): ((now: number, old: number) => number)[] {
  const repeatKeys = database.statement(`
    DELETE FROM repeat_keys WHERE (connector_id, key) IN (
      SELECT connector_id, key FROM repeat_keys WHERE expires_at <= ? LIMIT ${batchSize})`);
  const sessions = database.statement(`
    DELETE FROM sessions WHERE (agent_name, session_key) IN (
      SELECT agent_name, session_key FROM sessions WHERE expires_at <= ? LIMIT ${batchSize})`);
  const deadLetters = database.statement(`
    DELETE FROM dead_letters WHERE position IN (
      SELECT position FROM dead_letters WHERE at < ? ORDER BY position LIMIT ${batchSize})`);
  const connectorEvents = database.statement(`
    DELETE FROM connector_events WHERE position IN (
      SELECT position FROM connector_events WHERE at < ? ORDER BY position LIMIT ${batchSize})`);
  const apiKeys = database.statement(`
    DELETE FROM api_keys WHERE position IN (
      SELECT position FROM api_keys WHERE coalesce(revoked_at, expires_at) < ? LIMIT ${batchSize})`);
  const audit = database.statement(`
    DELETE FROM audit_log WHERE position IN (
      SELECT position FROM audit_log WHERE at < ? ORDER BY position LIMIT ${batchSize})`);
  return [
    (now) => repeatKeys.run(now),
    (now) => sessions.run(now),
    (_now, old) => deadLetters.run(old),
    (_now, old) => connectorEvents.run(old),
    (now) => apiKeys.run(now - endedKeysKeptDays * dayMs),
    (now) => audit.run(now - auditDays * dayMs),
  ];
}

function payloadFileUse(database: Database): (file: string) => boolean {
  const select = database.statement(`
    SELECT 1 FROM triggers WHERE payload_file = ?
    UNION ALL SELECT 1 FROM run_results WHERE output_file = ?`);
  return (file) => select.get(file, file) !== undefined;
}
