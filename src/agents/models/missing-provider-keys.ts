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
