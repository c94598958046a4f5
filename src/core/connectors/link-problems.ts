import type { FieldProblem } from '../field-problem.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';

/**
 * What is wrong with a list of agents to be linked: agents that the project does not have, and repeats.
 *
 * @param linked agents that are linked already: one of them may have left the project since
 */
export function agentProblems(
  engine: Engine,
  agents: readonly string[],
  linked: readonly string[] = [],
): FieldProblem[] {
  return agents.flatMap((name, index) => {
    const field = `agents.${index}`;
    if (agents.indexOf(name) !== index) return [{ field, message: `"${name}" is listed twice` }];
    if (linked.includes(name) || engine.agents.get(name) !== null) return [];
    return [{ field, message: `there is no agent named "${name}"` }];
  });
}

/**
 * What is wrong with the origins that an outbound connector is limited to: each has to be a connector that takes
 * something in.
 *
 * @param known origins that were accepted before: one of them may have been deleted since
 */
export async function originProblems(
  engine: Engine,
  config: JsonObject,
  known: JsonObject = {},
): Promise<FieldProblem[]> {
  const accepted = originsOf(known);
  const checked = originsOf(config).map(async (id, index) => {
    if (accepted.includes(id)) return [];
    const origin = await engine.connectors.get(id);
    if (origin !== null && origin.mode !== 'outbound') return [];
    const field = `config.from_connectors.${index}`;
    return [{ field, message: `there is no inbound or sync connector with the id "${id}"` }];
  });
  return (await Promise.all(checked)).flat();
}

function originsOf(config: JsonObject): string[] {
  const origins = isJsonObject(config) ? config['from_connectors'] : undefined;
  return Array.isArray(origins) ? origins.filter((origin) => typeof origin === 'string') : [];
}
