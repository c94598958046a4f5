import { type AgentDefinition, modelsOf } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { missingSearchKey, searchEngineOf } from '../run/web/search-engines.ts';
import type { ModelEnvironment } from './model-adapter.ts';
import { findProvider } from './model-providers.ts';
import { missingSentence, missingVariables, splitModelName } from './resolve-model.ts';

/** What each agent lacks before it can run, in one sentence: the key of its own model, of a guardrail's, of the tool
 * `web_search`, or of a step. */
export function missingKeysByAgent(
  project: AgentProject,
  env: ModelEnvironment,
): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const agent of project.agents) {
    const [first] = needsOf(agent, env);
    if (first !== undefined) missing.set(agent.name, first);
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

/** A fallback model is only a spare: it needs nothing. */
function needsOf(agent: AgentDefinition, env: ModelEnvironment): readonly string[] {
  const spare = agent.type === 'llm' && agent.fallbackModel !== agent.model ? agent.fallbackModel : null;
  const models = modelsOf(agent).filter((model) => model !== spare);
  const searches = agent.type === 'llm' && agent.tools.some(({ name }) => name === 'web_search');
  return [
    ...models.flatMap((model) => {
      const variables = variablesMissedBy(model, env);
      return variables.length === 0 ? [] : missingSentence(`The model "${model}"`, variables);
    }),
    ...(searches && searchEngineOf(env) === undefined ? [missingSearchKey()] : []),
  ];
}

function variablesMissedBy(model: string, env: ModelEnvironment): readonly (readonly string[])[] {
  const provider = findProvider(splitModelName(model).prefix, env);
  return provider === null ? [] : missingVariables(provider, env);
}
