import type { AgentHooks } from '../../src/core/ports/agent-executor.ts';

/** The hook of an agent that runs no other. */
export const noTrigger: AgentHooks['trigger'] = () =>
  Promise.reject(new Error('The agent may run no other.'));
