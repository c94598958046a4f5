import { planDeliveries } from '../../../core/deliveries/plan-deliveries.ts';
import { messageOf } from '../../../core/errors.ts';
import { uuidV7 } from '../../../core/identifiers.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { Outbox } from '../deliveries/outbox.ts';
import type { Database } from '../store/database.ts';
import { planningSource } from '../writes/planning-writes.ts';
import { LaneQueue } from './lane-queue.ts';

/** The only lane. */
export const planningLane = 'plan-deliveries';

const maxInFlight = 32;
/** The waits after failed plans, in ms; after the last one the run goes to the dead letters. */
const retryDelaysMs = [1_000, 5_000, 30_000, 120_000];

/** Plans the deliveries of ended runs from the outbox. A run that cannot be planned holds up no other. */
export function planningQueue(database: Database, engine: Engine, outbox: Outbox): LaneQueue {
  const { clock, log } = engine;
  const plan = async (runId: string) => {
    try {
      await planDeliveries(engine, runId);
      // A run that is no longer stored has nothing to plan, and is left in the outbox by the plan.
      if (outbox.has(runId)) await database.write('leaveOutbox', runId);
    } catch (thrown) {
      await putOff(runId, messageOf(thrown));
    }
  };
  const putOff = async (runId: string, reason: string) => {
    const failures = await database.write('putOffPlanning', runId, clock(), retryDelaysMs);
    log.warn('deliveries.not-planned', { run_id: runId, failures, reason });
    if (failures <= retryDelaysMs.length) return;
    await engine.deadLetters.put(deadLetterOf(engine, runId, reason));
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
      maxInFlight,
      maxInFlightPerLane: maxInFlight,
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
