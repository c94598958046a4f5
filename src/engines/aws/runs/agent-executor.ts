import type { AgentProject, ProjectCode } from '../../../agents/agent-project.ts';
import { runAgent } from '../../../agents/run/run-agent.ts';
import type { RunEnvironment } from '../../../agents/run/run-scope.ts';
import type { AgentExecutor } from '../../../core/ports/agent-executor.ts';
import type { Trace } from '../../../core/runs/trace.ts';

/** Every stored trace costs write units, so viewers of a running run see it with up to this delay. */
const tracePauseMs = 5_000;

/** Runs agents in this process: a function instance executes nothing else at the same time, and Lambda isolates it. */
export function inPlaceExecutor(
  project: AgentProject,
  code: ProjectCode,
  environment: RunEnvironment,
): AgentExecutor {
  return {
    isShared: false,
    execute(request, hooks) {
      const { onTrace, ...others } = hooks;
      if (onTrace === undefined) return runAgent(project, code, request, others, environment);
      const sparing = sparingly(onTrace, environment.now);
      return runAgent(project, code, request, { ...others, onTrace: sparing }, environment);
    },
  };
}

/** Passes on the first trace, and later ones with pauses in between. */
function sparingly(onTrace: (trace: Trace) => void, now: () => number): (trace: Trace) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (trace) => {
    if (now() - last < tracePauseMs) return;
    last = now();
    onTrace(trace);
  };
}
