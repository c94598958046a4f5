import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { lazyExecutor } from '../src/engines/aws/entry/lazy-executor.ts';
import { takeRun } from '../src/engines/aws/entry/take-run.ts';
import { workFunction } from '../src/engines/aws/entry/work-function.ts';

const project = await packedProject(taskRoot());
const engine = functionEngine({ project, executor: lazyExecutor(project, taskRoot()) });

/** Reads the run queue: executes each run that a message names, or leaves it waiting for its turn. */
export const handler = workFunction(variable('RUN_QUEUE_URL'), (runId) => takeRun(engine, runId));
