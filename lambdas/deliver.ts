import { deliver } from '../src/core/deliveries/deliver.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { workFunction } from '../src/engines/aws/entry/work-function.ts';

const engine = functionEngine({ types: deployedConnectorTypes });

/** Time reserved for recording an attempt that is aborted when the function runs out of time, in ms. */
const recordMs = 5_000;

/** Reads the delivery queue: makes one attempt of each delivery that a message names. */
export const handler = workFunction(variable('DELIVERY_QUEUE_URL'), async (deliveryId, context) => {
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - recordMs));
  await deliver(engine, deliveryId, signal);
});
