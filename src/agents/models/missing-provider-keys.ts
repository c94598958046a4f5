import type { LlmAgent } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { missingSearchKey, searchEngineOf } from '../run/web/search-engines.ts';
import type { ModelEnvironment } from './model-adapter.ts';
import { findProvider } from './model-providers.ts';
import { missingSentence, missingVariables, splitModelName } from './resolve-model.ts';

/** What each agent lacks before it can run, in one sentence: the key of its own model, of the tool
 * `web_search`, or of a step. */
export function missingKeysByAgent(
  project: AgentProject,
  env: ModelEnvironment,
): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const agent of project.agents) {
    const sentence = agent.type === 'llm' ? missedBy(agent, env) : null;
    if (sentence !== null) missing.set(agent.name, sentence);
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

function missedBy({ model, tools }: LlmAgent, env: ModelEnvironment): string | null {
  const variables = variablesMissedBy(model, env);
  if (variables.length > 0) return missingSentence(`The model "${model}"`, variables);
  const searches = tools.some(({ name }) => name === 'web_search');
  return searches && searchEngineOf(env) === undefined ? missingSearchKey() : null;
}

function variablesMissedBy(model: string, env: ModelEnvironment): readonly (readonly string[])[] {
  const provider = findProvider(splitModelName(model).prefix, env);
  return provider === null ? [] : missingVariables(provider, env);
}
