import type { RetryableError } from '../../../core/errors.ts';
import type { AgentHooks, AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { RunError } from '../../../core/runs/run.ts';
import type { Trace } from '../../../core/runs/trace.ts';

/** One attempt of a run, on its way to a thread or in one. */
export interface Execution {
  readonly request: AgentRequest;
  readonly hooks: AgentHooks;
  /** The agent's own timeout, from the moment that a thread begins the attempt. */
  readonly timeoutSeconds: number;
  readonly resolve: (outcome: AgentOutcome) => void;
  readonly reject: (reason: RetryableError) => void;
}

/** The outcome of an attempt that could not report one: failed with `error`, or cancelled if that is `null`. */
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
