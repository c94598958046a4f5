import { executeRun } from '../../../core/execute-run.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { numberOrNull, text } from '../columns.ts';
import type { Database } from '../database.ts';
import { leaseRuns } from '../runs/lease-runs.ts';
import { runSlots } from '../runs/run-slots.ts';
import { LaneQueue } from './lane-queue.ts';

/**
 * Executes queued runs: a lane for each agent, so that one agent's flood or its limit does not starve the others.
 * @param hasToYield whether accepting triggers has the process busy
 */
export function runQueue(
  database: Database,
  engine: Engine,
  maxInFlight: number,
  hasToYield: () => boolean,
): LaneQueue {
  const { clock, log } = engine;
  const slots = runSlots(database);
  const leases = leaseRuns(database, slots);
  const inQueue = `runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL`;
  const selectAgents = database.statement(`
    WITH RECURSIVE agents (name) AS (
      SELECT min(agent_name) FROM ${inQueue}
      UNION ALL
      SELECT (SELECT min(agent_name) FROM ${inQueue} AND agent_name > name) FROM agents WHERE name IS NOT NULL)
    SELECT name FROM agents WHERE name IS NOT NULL`);
  const selectDue = database.statement(`
    SELECT run_id FROM ${inQueue} AND agent_name = ? AND available_at <= ?
    ORDER BY available_at, position LIMIT ?`);
  const selectNextDue = database.statement(
    `SELECT min(available_at) AS available_at FROM ${inQueue} AND agent_name = ?`,
  );
  return new LaneQueue(
    {
      lanes: () => selectAgents.all().map((row) => text(row, 'name')),
      places(agentName) {
        const limit = engine.agents.get(agentName)?.maxConcurrentRuns ?? null;
        return limit === null ? Number.POSITIVE_INFINITY : limit - slots.taken(agentName);
      },
      due: (agent, now, limit) => selectDue.all(agent, now, limit).map((row) => text(row, 'run_id')),
      nextDueAt(agent) {
        const row = selectNextDue.get(agent);
        return row === undefined ? null : numberOrNull(row, 'available_at');
      },
      work: (runId) => executeRun(engine, runId),
      tidy: () =>
        database.write(() => {
          leases.requeueExpired(clock());
          slots.wakeOneOfEach();
        }),
    },
    {
      failureEvent: 'run.not-executed',
      maxInFlight,
      maxInFlightPerLane: maxInFlight,
      clock,
      log,
      hasToYield,
    },
  );
}
