import { planDeliveries } from '../src/core/deliveries/plan-deliveries.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { onceEach, streamFunction } from '../src/engines/aws/entry/work-function.ts';
import { endedRunOf } from '../src/engines/aws/runs/ended-run-pattern.ts';

const engine = functionEngine();

/** Reads the table's stream: plans and queues the deliveries of each ended run. */
export const handler = streamFunction(() => {
  const linkedTo = onceEach(engine.connectors.linkedTo);
  return async (record) => {
    const runId = endedRunOf(record);
    if (runId !== null) await planDeliveries(engine, runId, linkedTo);
  };
});
