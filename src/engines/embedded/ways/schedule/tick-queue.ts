import type { Connector } from '../../../../core/connectors/connector.ts';
import { wayOf } from '../../../../core/connectors/connector-config.ts';
import { noteEvent } from '../../../../core/connectors/note-event.ts';
import { messageOf, RetryableError } from '../../../../core/errors.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { fireTick, noteMissed } from '../../../../core/schedules/fire-tick.ts';
import { missedTicks, type Schedule, tickKey } from '../../../../core/schedules/schedule.ts';
import { clockToleranceMs } from '../../queues/clock-watch.ts';
import { LaneQueue } from '../../queues/lane-queue.ts';
import { number, numberOrNull, type Row, text } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import type { ScheduleRow } from '../../writes/schedule-writes.ts';

/** The only lane. */
const lane = 'ticks';
/** Ticks fired at a time: their writes share transactions. */
const maxInFlight = 512;

export interface TickQueue {
  readonly queue: LaneQueue;
  /** Follows a connector's current configuration; a failure is retried at the next look. */
  follow(connectorId: string): void;
  /** The connector's next tick, Unix ms; `null` if it has none. */
  nextTickAt(connectorId: string): number | null;
}

/**
 * Fires the ticks of schedules from their stored next times, so that a schedule survives a restart, a sleeping machine
 * or a clock change.
 */
export function tickQueue(database: Database, engine: Engine): TickQueue {
  const { clock, log } = engine;
  const rows = scheduleRows(database);
  const unfollowed = new Set<string>();

  const fire = async (connectorId: string) => {
    const row = rows.get(connectorId);
    const connector = await engine.connectors.get(connectorId);
    const schedule = connector === null ? null : scheduleOf(engine, connector);
    if (row === null || connector === null || schedule?.identity !== row.identity) return follow(connectorId);
    const last = await fireOrMiss(engine, row, schedule);
    const next = schedule.nextAfter(last);
    if (next === null) await database.write('removeSchedule', connectorId);
    else await database.write('advanceSchedule', row, next, clock());
  };

  const follow = async (connectorId: string) => {
    const connector = await engine.connectors.get(connectorId);
    const schedule = connector === null ? null : scheduleOf(engine, connector);
    const stored = rows.get(connectorId);
    if (stored === null && schedule === null) return;
    if (stored?.identity === schedule?.identity) return;
    // Computed from the change on, so that ticks between it and a crash of the process are not lost.
    const next = schedule?.nextAfter(connector?.updatedAt ?? clock()) ?? null;
    if (schedule === null || next === null) await database.write('removeSchedule', connectorId);
    else {
      const row = { connectorId, identity: schedule.identity, nextTickAt: next };
      await database.write('putSchedule', row, clock());
    }
    queue.announce(lane);
  };

  const followSafely = async (connectorId: string) => {
    unfollowed.delete(connectorId);
    await follow(connectorId).catch((thrown: unknown) => {
      unfollowed.add(connectorId);
      log.warn('schedule.not-followed', { connector_id: connectorId, reason: messageOf(thrown) });
    });
  };

  /** The clock was set back: a next tick computed from the wrong time may be far away. */
  const recomputeTicks = async () => {
    const now = clock();
    for (const row of rows.computedAfter(now + clockToleranceMs)) {
      const connector = await engine.connectors.get(row.connectorId);
      const next = (connector === null ? null : scheduleOf(engine, connector))?.nextAfter(now) ?? null;
      if (next !== null) await database.write('putSchedule', { ...row, nextTickAt: next }, now);
    }
  };

  const queue: LaneQueue = new LaneQueue(
    {
      lanes: () => [lane],
      due: (_lane, now, limit) => rows.due(now, limit),
      nextDueAt: () => rows.nextDueAt(),
      work: fire,
      async tidy() {
        for (const connectorId of [...unfollowed]) await followSafely(connectorId);
        await recomputeTicks();
      },
    },
    { failureEvent: 'tick.not-fired', maxInFlight, maxInFlightPerLane: maxInFlight, clock, log },
  );
  return {
    queue,
    follow: (connectorId) => void followSafely(connectorId),
    nextTickAt: (connectorId) => rows.get(connectorId)?.nextTickAt ?? null,
  };
}

/** `null` if the connector has no schedule: it is disabled, its type has none, or its configuration cannot be read. */
function scheduleOf(engine: Engine, connector: Connector): Schedule | null {
  if (!connector.enabled) return null;
  try {
    return wayOf(engine.types, connector, 'schedule')?.schedule(connector.config) ?? null;
  } catch (thrown) {
    engine.log.error('schedule.not-readable', { connector_id: connector.id, reason: messageOf(thrown) });
    return null;
  }
}

/** @returns the last tick fired or missed, Unix ms */
async function fireOrMiss(engine: Engine, row: ScheduleRow, schedule: Schedule): Promise<number> {
  const missed = missedTicks(schedule, row.nextTickAt, engine.clock());
  if (missed === null || missed.count === 1) {
    await fireOnce(engine, row);
    return row.nextTickAt;
  }
  await noteMissed(engine, row.connectorId, missed);
  return missed.more ? engine.clock() - schedule.catchUpMs : missed.last;
}

/** A tick that always fails must not stop its schedule. */
async function fireOnce(engine: Engine, { connectorId, nextTickAt }: ScheduleRow): Promise<void> {
  try {
    await fireTick(engine, connectorId, nextTickAt);
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    const detail = `A tick could not be fired: ${messageOf(thrown)}`;
    await noteEvent(engine, connectorId, 'tick.failed', tickKey(nextTickAt), detail);
  }
}

/** Reads the stored next ticks. */
export function scheduleRows(database: Database) {
  const select = database.statement('SELECT * FROM schedules WHERE connector_id = ?');
  const selectDue = database.statement(
    'SELECT connector_id FROM schedules WHERE next_tick_at <= ? ORDER BY next_tick_at LIMIT ?',
  );
  const selectNext = database.statement('SELECT min(next_tick_at) AS next_tick_at FROM schedules');
  const selectAhead = database.statement('SELECT * FROM schedules WHERE reckoned_at > ?');
  const selectIds = database.statement('SELECT connector_id FROM schedules');
  return {
    get(connectorId: string): ScheduleRow | null {
      const row = select.get(connectorId);
      return row === undefined ? null : scheduleOfRow(row);
    },
    connectorIds: () => selectIds.all().map((row) => text(row, 'connector_id')),
    due: (now: number, limit: number) => selectDue.all(now, limit).map((row) => text(row, 'connector_id')),
    nextDueAt(): number | null {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'next_tick_at');
    },
    /** Schedules that were computed after `timeMs`, in the future: the clock has gone back. */
    computedAfter: (timeMs: number) => selectAhead.all(timeMs).map(scheduleOfRow),
  };
}

function scheduleOfRow(row: Row): ScheduleRow {
  return {
    connectorId: text(row, 'connector_id'),
    identity: text(row, 'identity'),
    nextTickAt: number(row, 'next_tick_at'),
  };
}
