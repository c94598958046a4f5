import { functionEngine, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { mappingFunction } from '../src/engines/aws/entry/mapping-function.ts';
import { packedProject } from '../src/engines/aws/entry/packed-project.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';

const engine = functionEngine({ project: await packedProject(taskRoot()), types: deployedConnectorTypes });

/** Takes batches from event source mappings (MSK, self-managed Kafka, SQS) and stores the runs of each message. */
export const handler = mappingFunction(engine);
