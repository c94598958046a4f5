import type { AgentProject } from './agent-project.ts';

/** Whether a run of the agent can call a model: the agent's own, or that of a step. */
export function callsModel(project: AgentProject, agentName: string): boolean {
  const agent = project.agents.find(({ name }) => name === agentName);
  if (agent?.type !== 'sequential') return agent?.type === 'llm';
  return agent.agents.some((step) => callsModel(project, step));
}
