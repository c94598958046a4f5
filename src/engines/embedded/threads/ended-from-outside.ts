import type { AgentOutcome } from '../../../core/ports/agent-executor.ts';
import type { RunError } from '../../../core/runs/run.ts';
import type { Trace } from '../../../core/runs/trace.ts';
import type { Execution } from './execution.ts';

/** How an attempt has ended that could not say it itself: failed with `error`, or cancelled where there is none. */
export function endedFromOutside({ request }: Execution, trace: Trace, error: RunError | null): AgentOutcome {
  const report = {
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: request.context,
    warnings: [],
    trace,
    session: null,
  };
  return error === null ? { outcome: 'cancelled', ...report } : { outcome: 'failed', error, ...report };
}
