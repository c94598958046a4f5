import { releaseBudgets } from '../../../core/budgets/reached-budget.ts';
import { drainHolds } from '../../../core/control/drain-holds.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { type ExecuteOutcome, executeRun } from '../../../core/runs/execute-run.ts';
import { number, numberOrNull } from '../store/connection.ts';
import type { PayloadFiles } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
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
