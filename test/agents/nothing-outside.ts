import type { AgentHooks } from '../../src/core/ports/agent-executor.ts';

/** The hooks of an agent that does nothing outside of its run. */
export const nothingOutside: Pick<AgentHooks, 'trigger' | 'sendTargets' | 'send'> = {
  trigger: () => Promise.reject(new Error('The agent may run no other.')),
  sendTargets: async () => [],
  send: () => Promise.reject(new Error('The agent may send nothing.')),
};
