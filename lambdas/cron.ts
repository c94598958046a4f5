import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { tickFunction } from '../src/engines/aws/entry/tick-function.ts';

/** Reads the tick queue: fires each tick that the scheduler sends and polls sources. */
export const handler = tickFunction(
  functionEngine({ project: await packedProject(taskRoot()), types: deployedConnectorTypes }),
);
