import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { deployedTopics, sourcePlaces } from '../src/engines/aws/entry/source-environment.ts';
import { scheduledFunction } from '../src/engines/aws/entry/work-function.ts';
import { makeDeployedTopics } from '../src/engines/aws/sources/deployed-topics.ts';
import { openSources } from '../src/engines/aws/sources/open-sources.ts';

const engine = functionEngine({ types: deployedConnectorTypes, sources: openSources(sourcePlaces()) });
const topics = deployedTopics();

/** Each minute: puts right what did not go on by itself. */
export const handler = scheduledFunction(async () => {
  await engine.reconcile();
  await engine.followSources();
  await makeDeployedTopics(engine, topics);
});
