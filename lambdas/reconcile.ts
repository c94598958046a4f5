import { scheduledFunction } from '../src/engines/aws/entry/batch-function.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';

const engine = functionEngine({ sources: true });

/** Each minute: puts right what did not go on by itself. */
export const handler = scheduledFunction(async () => {
  await engine.reconcile();
  await engine.followSources();
});
