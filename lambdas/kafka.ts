import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { mappingFunction } from '../src/engines/aws/entry/mapping-function.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';

const engine = functionEngine({ project: await packedProject(taskRoot()), types: deployedConnectorTypes });

/** Takes batches from event source mappings (MSK, self-managed Kafka, SQS) and stores the runs of each message. */
export const handler = mappingFunction(engine);
