import { executeRun } from '../src/core/execute-run.ts';
import { functionEngine, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { lazyExecutor } from '../src/engines/aws/entry/lazy-executor.ts';
import { packedProject } from '../src/engines/aws/entry/packed-project.ts';
import { waitForTurn } from '../src/engines/aws/entry/wait-for-turn.ts';
import { workFunction } from '../src/engines/aws/entry/work-function.ts';

const project = await packedProject(taskRoot());
const engine = functionEngine({ project, executor: lazyExecutor(project, taskRoot()) });

/** The run queue: executes each run that a message names. */
export const handler = workFunction(variable('RUN_QUEUE_URL'), async (runId) => {
  const executed = await executeRun(engine, runId);
  if (executed.outcome === 'busy') await waitForTurn(engine, runId);
});
