import type { RetryableError } from '../../../core/errors.ts';
import type { AgentHooks, AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';

/** One attempt of a run on its way to a thread, or in one. */
export interface Execution {
  readonly request: AgentRequest;
  readonly hooks: AgentHooks;
  /** The agent's own, from the moment that a thread begins it. */
  readonly timeoutSeconds: number;
  readonly resolve: (outcome: AgentOutcome) => void;
  readonly reject: (reason: RetryableError) => void;
}
