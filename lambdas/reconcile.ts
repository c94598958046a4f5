import { scheduledFunction } from '../src/engines/aws/entry/batch-function.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { deployedTopics } from '../src/engines/aws/entry/source-environment.ts';
import { makeDeployedTopics } from '../src/engines/aws/sources/deployed-topics.ts';

const engine = functionEngine({ sources: true });
const topics = deployedTopics();

/** Each minute: puts right what did not go on by itself. */
export const handler = scheduledFunction(async () => {
  await engine.reconcile();
  await engine.followSources();
  await makeDeployedTopics(engine, topics);
});
