import type { AgentProject } from '../agent-project.ts';
import type { ModelEnvironment } from './model-adapter.ts';
import { findProvider } from './model-providers.ts';
import { missingSentence, missingVariables, splitModelName } from './resolve-model.ts';

/** What each agent lacks before it can run, in one sentence: the key of its own model, or of a step's. */
export function missingKeysByAgent(
  project: AgentProject,
  env: ModelEnvironment,
): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const agent of project.agents) {
    const variables = agent.type === 'llm' ? variablesMissedBy(agent.model, env) : [];
    if (agent.type === 'llm' && variables.length > 0)
      missing.set(agent.name, missingSentence(agent.model, variables));
  }
  // A step may itself be sequential: each round resolves one more level.
  for (const _level of project.agents) {
    for (const agent of project.agents) {
      if (agent.type !== 'sequential' || missing.has(agent.name)) continue;
      const [first] = agent.agents.flatMap((step) => missing.get(step) ?? []);
      if (first !== undefined) missing.set(agent.name, first);
    }
  }
  return missing;
}

function variablesMissedBy(model: string, env: ModelEnvironment): readonly (readonly string[])[] {
  const provider = findProvider(splitModelName(model).prefix, env);
  return provider === null ? [] : missingVariables(provider, env);
}
