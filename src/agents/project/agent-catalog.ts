import type { JsonValue } from '../../core/json/json-value.ts';
import type { AgentCatalog, AgentSummary, ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { samplePayloadOf } from './sample-payload.ts';

/**
 * What dispatch, execution and operators need to know about a project's agents.
 *
 * @param missingKeys what each agent lacks, by agent name, as far as that is known here
 * @param problems of a reload that failed during development: the agents are those of the previous load
 */
export function agentCatalog(
  project: AgentProject,
  missingKeys: ReadonlyMap<string, string> = new Map(),
  problems: readonly ProjectProblem[] = [],
): AgentCatalog {
  const summaries = new Map(
    project.agents.map((agent) => {
      const missingKey = missingKeys.get(agent.name) ?? null;
      return [agent.name, summaryOf(agent, missingKey, samplePayloadOf(agent, project))];
    }),
  );
  const list = [...summaries.values()];
  const unpriced = new Map(Object.entries(project.unpriced ?? {}));
  return {
    get: (name) => summaries.get(name) ?? null,
    list: () => list,
    unpricedModels: async () => unpriced,
    problems: () => problems,
  };
}

function summaryOf(
  agent: AgentDefinition,
  missingKey: string | null,
  samplePayload: JsonValue,
): AgentSummary {
  const { name, description, type, timeoutSeconds, maxConcurrentRuns, concurrency, file } = agent;
  return {
    ...{ name, description, type, timeoutSeconds, maxConcurrentRuns, concurrency, file },
    model: agent.type === 'llm' ? agent.model : null,
    tools: toolsOf(agent),
    steps: agent.type === 'sequential' ? agent.agents : [],
    session: agent.type === 'llm' ? agent.session : null,
    missingKey,
    outputSchema: agent.type === 'llm' ? agent.outputSchema : null,
    samplePayload,
  };
}

function toolsOf(agent: AgentDefinition): readonly string[] {
  if (agent.type === 'tool') return [agent.toolName];
  return agent.type === 'llm' ? agent.tools.map(({ name }) => name) : [];
}
