import { executeRun } from '../../../core/execute-run.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { number } from '../columns.ts';
import type { Database } from '../database.ts';
import { ClockWatch } from './clock-watch.ts';
import { dueRows } from './due-rows.ts';
import { LaneQueue } from './lane-queue.ts';

/**
 * Executes queued runs: a lane for each agent, so that one agent's flood or its limit does not starve the others.
 * @param portion how many may be started now, beside the accepting of triggers
 */
export function runQueue(
  database: Database,
  engine: Engine,
  maxInFlight: number,
  portion: () => number,
): LaneQueue {
  const { clock, log } = engine;
  const countTaken = database.statement('SELECT count(*) AS taken FROM slots WHERE slot_key = ?');
  const placesTaken = (slotKey: string) => number(countTaken.get(slotKey) ?? { taken: 0 }, 'taken');
  const watch = new ClockWatch(clock);
  const queued = dueRows(database, {
    rows: `runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL`,
    lane: 'agent_name',
    id: 'run_id',
  });
  return new LaneQueue(
    {
      ...queued,
      places(agentName) {
        const limit = engine.agents.get(agentName)?.maxConcurrentRuns ?? null;
        return limit === null ? Number.POSITIVE_INFINITY : limit - placesTaken(agentName);
      },
      work: (runId) => executeRun(engine, runId),
      async tidy() {
        const backMs = watch.setBackMs();
        if (backMs > 0) {
          log.warn('clock.set-back', { by_ms: backMs });
          await database.write('bringForward', backMs, clock());
        }
        await database.write('tidyRuns', clock());
      },
    },
    {
      failureEvent: 'run.not-executed',
      maxInFlight,
      maxInFlightPerLane: maxInFlight,
      clock,
      log,
      portion,
    },
  );
}
