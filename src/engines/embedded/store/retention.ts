import { setImmediate as nextTick } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.ts';
import { endedKeysKeptDays } from '../../../core/operators/api-key.ts';
import type { Log } from '../../../core/ports/log.ts';
import { refusedKeptMs } from '../../../core/ports/refused-request-store.ts';
import { ClockDoubt } from '../queues/clock-watch.ts';
import { payloadFileUse } from '../runs/store-dispatches.ts';
import { type ExpiringTable, expiringTables, removedAtATime } from '../writes/retention-writes.ts';
import type { PayloadFiles } from './data-folder.ts';
import type { Database } from './database.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const sweepEveryMs = hourMs;
/** The audit log outlives its subjects. */
const auditDays = 365;
/** After this time, a payload file without a row is an orphan of a crash. */
const orphanAfterMs = hourMs;

export interface Retention {
  /** Removes everything that is too old. Pauses for a day after the clock has jumped ahead by more than a week. */
  sweep(): Promise<void>;
  /** Sweeps every hour, in the background. */
  start(): void;
  /** Stops sweeping; resolves when the sweep in progress has ended. */
  stop(): Promise<void>;
}

interface RetentionParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly retentionDays: number;
  readonly clock: () => number;
  /** ms since any moment, monotonic; by default the process's own. */
  readonly steadyClock?: () => number;
  readonly log: Log;
}

/** Removes runs and their data `retentionDays` after their end, and expired rows, in small portions. */
export function createRetention(parts: RetentionParts): Retention {
  const { database, files, retentionDays, clock, log } = parts;
  const doubt = new ClockDoubt(clock, parts.steadyClock);
  const isUsed = payloadFileUse(database);
  let stopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const sweepRuns = async (before: number) => {
    let after = -1;
    while (!stopped) {
      const removed = await database.write('removeOldRuns', after, before);
      if (removed.lastPosition === null) return;
      after = removed.lastPosition;
      for (const file of removed.files) await files.remove(file);
      await nextTick();
    }
  };
  const sweepExpired = async (now: number) => {
    for (const table of expiringTables) {
      const before = now - keptDays(table, retentionDays) * dayMs;
      const removeSome = () => database.write('removeExpired', table, before);
      while (!stopped && (await removeSome()) === removedAtATime) await nextTick();
    }
  };
  const sweepOrphans = async (before: number) => {
    for await (const file of files.writtenBefore(before)) {
      if (stopped) return;
      if (!isUsed(file)) await files.remove(file);
    }
  };
  const sweep = async () => {
    const jumpMs = doubt.look();
    if (jumpMs > 0) log.warn('clock.jumped', { by_ms: jumpMs, detail: 'Nothing is removed for a day.' });
    if (doubt.isDoubted) return;
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

/** How many days rows are kept beyond their stored time. Some rows store the time at which they expire. */
function keptDays(table: ExpiringTable, retentionDays: number): number {
  if (table === 'repeat_keys' || table === 'sessions') return 0;
  if (table === 'refused_requests') return refusedKeptMs / dayMs;
  if (table === 'api_keys') return endedKeysKeptDays;
  return table === 'audit_log' ? auditDays : retentionDays;
}
