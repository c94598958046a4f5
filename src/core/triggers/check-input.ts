import type { Payload } from '../json/json-value.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';

/** An event that does not fit an agent that it is for: none of its agents gets a run. */
export interface InvalidInput {
  readonly outcome: 'input-invalid';
  /** One sentence; it names the agent and what is wrong. */
  readonly detail: string;
}

/**
 * Checks an event against the input schemas of all agents that it is for.
 *
 * @returns `null` if it fits each of them
 */
export async function checkInput(
  { agents: catalog }: Pick<Engine, 'agents'>,
  agents: readonly AgentSummary[],
  payload: Payload,
): Promise<InvalidInput | null> {
  for (const { name, inputSchema } of agents) {
    const problem = inputSchema === null ? null : await catalog.inputProblem(name, payload.value);
    if (problem === null) continue;
    const detail = `The payload does not fit the input schema of the agent "${name}": ${problem}.`;
    return { outcome: 'input-invalid', detail };
  }
  return null;
}
