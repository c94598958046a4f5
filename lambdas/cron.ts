import { functionEngine, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { packedProject } from '../src/engines/aws/entry/packed-project.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { messageFunction } from '../src/engines/aws/entry/work-function.ts';
import { takeTick } from '../src/engines/aws/ways/schedule/take-tick.ts';

const engine = functionEngine({ project: await packedProject(taskRoot()), types: deployedConnectorTypes });

/** The tick queue: fires each tick that the scheduler sends. */
export const handler = messageFunction(variable('TICK_QUEUE_URL'), async (body) => {
  await takeTick(engine, body);
});
