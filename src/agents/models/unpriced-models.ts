import { modelsOf } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { hasPrice } from '../run/prices.ts';
import type { ModelEnvironment } from './model-adapter.ts';

/**
 * The models that agents call and that have no known price, by agent; agents whose models all have one are left out.
 *
 * @param env may name the operator's price file
 * @throws Error if that file cannot be used
 */
export async function unpricedModels(
  project: AgentProject,
  env: ModelEnvironment,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const unpriced = new Map<string, readonly string[]>();
  for (const agent of project.agents) {
    const models = modelsOf(agent);
    const known = await Promise.all(models.map((model) => hasPrice(model, project, env)));
    const without = models.filter((_, index) => !known[index]);
    if (without.length > 0) unpriced.set(agent.name, without);
  }
  return unpriced;
}
