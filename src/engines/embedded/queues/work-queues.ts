import { releaseBudgets } from '../../../core/budgets/reached-budget.ts';
import { drainHolds } from '../../../core/control/drain-holds.ts';
import { deliver } from '../../../core/deliveries/deliver.ts';
import { planDeliveries } from '../../../core/deliveries/plan-deliveries.ts';
import { messageOf } from '../../../core/errors.ts';
import { storeDeadLetter } from '../../../core/events/store-dead-letter.ts';
import { uuidV7 } from '../../../core/identifiers.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { type ExecuteOutcome, executeRun } from '../../../core/runs/execute-run.ts';
import type { Outbox } from '../deliveries/delivery-store.ts';
import { number, numberOrNull, text } from '../store/connection.ts';
import type { PayloadFiles } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { planningSource } from '../writes/delivery-writes.ts';
import { ClockWatch, clockSetBacks } from './clock-watch.ts';
import { LaneQueue } from './lane-queue.ts';
import { dueRows, type LaneQueueSettings } from './lane-source.ts';

interface RunQueueParts {
  readonly database: Database;
  readonly engine: Engine;
  /** Interval between looks at all lanes, in ms. */
  readonly lookEveryMs: number;
  readonly maxInFlight: number;
  /** Of payloads. */
  readonly maxBytesInFlight: number;
  readonly files: PayloadFiles;
  readonly tidyRuns: (now: number) => Promise<void>;
  /** How many runs may start now, next to incoming triggers. */
  readonly portion: () => number;
}

/** Executes queued runs. Each agent has its own lane, so one agent's flood or limit does not starve the others. */
export function runQueue(parts: RunQueueParts): LaneQueue {
  const { database, engine, files, maxInFlight, maxBytesInFlight, tidyRuns, portion, lookEveryMs } = parts;
  const { clock, log } = engine;
  const countTaken = database.statement('SELECT count(*) AS taken FROM slots WHERE slot_key = ?');
  const placesTaken = (slotKey: string) => number(countTaken.get(slotKey) ?? { taken: 0 }, 'taken');
  const followClock = clockSetBacks(database, new ClockWatch(clock), clock, log);
  const queued = dueRows(database, {
    rows: `runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL`,
    lane: 'agent_name',
    id: 'run_id',
    files: ['SELECT payload_file FROM triggers WHERE trigger_id = runs.trigger_id'],
    sizeOf: (file) => files.sizeOf(file),
  });
  const queue: LaneQueue = new LaneQueue(
    {
      ...queued,
      places(agentName) {
        const limit = engine.agents.get(agentName)?.maxConcurrentRuns ?? null;
        return limit === null ? Number.POSITIVE_INFINITY : limit - placesTaken(agentName);
      },
      async work(runId) {
        const executed = await executeRun(engine, runId);
        // An isolated run that ends frees a place that another agent's run may wait for.
        if (mayHaveBeenApart(executed)) for (const agentName of queued.lanes()) queue.announce(agentName);
      },
      async tidy() {
        await followClock();
        await tidyRuns(clock());
        await drainHolds(engine);
        await releaseBudgets(engine);
      },
    },
    {
      failureEvent: 'run.not-executed',
      lookEveryMs,
      maxInFlight,
      maxInFlightPerLane: maxInFlight,
      maxBytesInFlight,
      clock,
      log,
      portion,
    },
  );
  return queue;
}

function mayHaveBeenApart(executed: ExecuteOutcome): boolean {
  if (executed.outcome === 'ended') return executed.run.interruptions.length > 0;
  return executed.outcome === 'released';
}

/** All scheduled runs share one lane: they only move to the queue of their agent. */
export const scheduledLane = 'scheduled';

/** Puts scheduled runs into the queue when they are due, many in one write. */
export function scheduledQueue(
  database: Database,
  queueDueRuns: (now: number) => Promise<void>,
  settings: Required<Pick<LaneQueueSettings, 'clock' | 'log' | 'lookEveryMs'>>,
): LaneQueue {
  const selectFirst = database.statement(
    `SELECT min(scheduled_at) AS due_at FROM runs INDEXED BY runs_scheduled WHERE status = 'scheduled'`,
  );
  const firstDueAt = () => {
    const row = selectFirst.get();
    return row === undefined ? null : numberOrNull(row, 'due_at');
  };
  return new LaneQueue(
    {
      lanes: () => (firstDueAt() === null ? [] : [scheduledLane]),
      due: (_lane, now) => ((firstDueAt() ?? Number.POSITIVE_INFINITY) <= now ? ['due runs'] : []),
      nextDueAt: firstDueAt,
      work: () => queueDueRuns(settings.clock()),
    },
    { ...settings, failureEvent: 'runs.not-queued', maxInFlight: 1, maxInFlightPerLane: 1 },
  );
}

/** The only lane. */
export const planningLane = 'plan-deliveries';

const maxPlansInFlight = 32;
/** The waits after failed plans, in ms. After the last one, the run becomes a dead letter. */
const retryDelaysMs = [1_000, 5_000, 30_000, 120_000];

/** Plans the deliveries of ended runs from the outbox. A run that cannot be planned does not block others. */
export function planningQueue(database: Database, engine: Engine, outbox: Outbox): LaneQueue {
  const { clock, log } = engine;
  const plan = async (runId: string) => {
    try {
      await planDeliveries(engine, runId);
      // A run that is no longer stored has nothing to plan, and its plan does not remove it from the outbox.
      if (outbox.has(runId)) await database.write('leaveOutbox', runId);
    } catch (thrown) {
      await putOff(runId, messageOf(thrown));
    }
  };
  const putOff = async (runId: string, reason: string) => {
    const failures = await database.write('putOffPlanning', runId, clock(), retryDelaysMs);
    log.warn('deliveries.not-planned', { run_id: runId, failures, reason });
    if (failures <= retryDelaysMs.length) return;
    await storeDeadLetter(engine, deadLetterOf(engine, runId, reason));
    await database.write('leaveOutbox', runId);
  };
  return new LaneQueue(
    {
      lanes: () => [planningLane],
      due: (_lane, now, limit) => outbox.due(now, limit),
      nextDueAt: () => outbox.nextDueAt(),
      work: plan,
    },
    {
      failureEvent: 'deliveries.not-planned',
      maxInFlight: maxPlansInFlight,
      maxInFlightPerLane: maxPlansInFlight,
      clock,
      log,
    },
  );
}

function deadLetterOf(engine: Engine, runId: string, reason: string) {
  const now = engine.clock();
  return {
    deadLetterId: uuidV7(now, engine.entropy),
    at: now,
    source: planningSource,
    reason: `The deliveries of the run could not be planned: ${reason}`,
    connectorId: null,
    runId,
    body: { run_id: runId },
  };
}

/** Sockets open at a time. */
const maxSendsInFlight = 1_024;
/** Deliveries to one receiver at a time, unless its type sets another number. A dead receiver blocks only these. */
const sendsAtATime = 8;

interface DeliveryQueueParts {
  readonly database: Database;
  readonly engine: Engine;
  /** Interval between looks at all lanes, in ms. */
  readonly lookEveryMs: number;
  readonly files: PayloadFiles;
  /** Of the payloads and outputs of runs being delivered. */
  readonly maxBytesInFlight: number;
  /** Aborts the attempts in progress; they do not count. */
  readonly stopping: AbortSignal;
}

/** Makes due deliveries. Each connector has its own lane, so a dead receiver never blocks another. */
export function deliveryQueue(parts: DeliveryQueueParts): LaneQueue {
  const { database, engine, files, maxBytesInFlight, stopping, lookEveryMs } = parts;
  const { clock, log } = engine;
  const pending = dueRows(database, {
    rows: `deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`,
    lane: 'connector_id',
    id: 'delivery_id',
    files: [
      `SELECT payload_file FROM triggers JOIN runs USING (trigger_id) WHERE runs.run_id = deliveries.run_id`,
      `SELECT output_file FROM run_results JOIN runs USING (position) WHERE runs.run_id = deliveries.run_id`,
    ],
    sizeOf: (file) => files.sizeOf(file),
  });
  const selectType = database.statement('SELECT type FROM connectors WHERE connector_id = ?');
  const maxInFlightPerLane = (connectorId: string) => {
    const row = selectType.get(connectorId);
    const type = row === undefined ? undefined : engine.types.get(text(row, 'type'));
    return type?.sendsAtATime ?? sendsAtATime;
  };
  return new LaneQueue(
    { ...pending, work: (deliveryId) => deliver(engine, deliveryId, stopping) },
    {
      failureEvent: 'delivery.not-attempted',
      lookEveryMs,
      maxInFlight: maxSendsInFlight,
      maxInFlightPerLane,
      maxBytesInFlight,
      clock,
      log,
    },
  );
}
