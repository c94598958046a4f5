import { modelsOf } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import type { ModelEnvironment } from './model-adapter.ts';
import { findProvider, type ModelProvider } from './model-providers.ts';
import { splitModelName } from './resolve-model.ts';

/** The providers of all models that the project's agents name, each once. Loads no provider code. */
export function providersOf(project: AgentProject, env: ModelEnvironment): ModelProvider[] {
  const prefixes = new Set(project.agents.flatMap(modelsOf).map((model) => splitModelName(model).prefix));
  return [...prefixes].flatMap((prefix) => findProvider(prefix, env) ?? []);
}
