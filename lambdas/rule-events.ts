import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { messageFunction } from '../src/engines/aws/entry/work-function.ts';
import { takeRuleEvent } from '../src/engines/aws/ways/rule/take-rule-event.ts';

const engine = functionEngine({ project: await packedProject(taskRoot()), types: deployedConnectorTypes });

/** Reads the event queue: stores the runs of each event that an event bus rule sends. */
export const handler = messageFunction(variable('EVENT_QUEUE_URL'), async (body) => {
  await takeRuleEvent(engine, body);
});
