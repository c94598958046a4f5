import type { AgentProject } from '../agent-project.ts';
import type { ModelEnvironment } from './model-adapter.ts';
import { findProvider } from './model-providers.ts';
import { missingSentence, missingVariables, splitModelName } from './resolve-model.ts';

/** A provider that agents use and whose key is not set. */
export interface MissingProviderKey {
  readonly prefix: string;
  readonly title: string;
  /** Of each group, one variable has to be set. */
  readonly variables: readonly (readonly string[])[];
  /** Agents that cannot run without it, by name. */
  readonly agents: readonly string[];
  /** What to set, in one sentence. */
  readonly message: string;
}

/** The keys that a project's agents will miss, one entry a provider: for the notice at the start. Loads no provider. */
export function missingProviderKeys(project: AgentProject, env: ModelEnvironment): MissingProviderKey[] {
  const missing = new Map<string, MissingProviderKey>();
  for (const agent of project.agents) {
    if (agent.type !== 'llm') continue;
    const { prefix } = splitModelName(agent.model);
    const provider = findProvider(prefix, env);
    const variables = provider === null ? [] : missingVariables(provider, env);
    if (provider === null || variables.length === 0) continue;
    const agents = [...(missing.get(prefix)?.agents ?? []), agent.name];
    const message = missingSentence(agent.model, variables);
    missing.set(prefix, { prefix, title: provider.title, variables, agents, message });
  }
  return [...missing.values()];
}

/**
 * What lacks before an agent can run, in one sentence, by the agent's name: its own model's key, or that of one of its
 * steps.
 */
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
  // A step may be sequential itself: each round settles one more level.
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
