import { jsonSchema, type ToolSet } from 'ai';
import { evaluateCondition } from '../../core/conditions/evaluate-condition.ts';
import { parseCondition } from '../../core/conditions/parse-condition.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ToolDescription } from '../agent-project.ts';
import { builtInTool } from '../built-in-tools.ts';
import { toolConditionRoots } from '../tool-condition-roots.ts';
import { factsOf } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';
import type { SendTool } from './send-messages.ts';
import { type ToolNames, toolNames } from './tool-names.ts';

/** The tools that a model may call now, by their wire names. */
export interface AvailableTools {
  readonly tools: ToolSet;
  readonly names: ToolNames;
}

/**
 * The agent's tools whose conditions hold for the current context: a tool may appear or disappear while the agent
 * works.
 *
 * @param sending those that send to connectors
 */
export function availableTools(
  invocation: Invocation<LlmAgent>,
  sending: readonly SendTool[],
): AvailableTools {
  const { run, agent } = invocation;
  const facts = factsOf(invocation);
  const names = toolNames([...agent.tools.map(({ name }) => name), ...sending.map(({ tool }) => tool.name)]);
  const tools: ToolSet = {};
  for (const { name, condition } of agent.tools) {
    if (condition !== null && !holds(condition, facts)) continue;
    const description = builtInTool(name) ?? run.project.tools.find((known) => known.name === name);
    if (description !== undefined) tools[names.wireName(name)] = declaration(description);
  }
  for (const { tool } of sending) tools[names.wireName(tool.name)] = declaration(tool);
  return { tools, names };
}

function holds(text: string, facts: ReturnType<typeof factsOf>): boolean {
  const parsed = parseCondition(text, toolConditionRoots);
  return parsed.outcome === 'parsed' && evaluateCondition(parsed.condition, facts);
}

/** A tool without `execute`: the agent's loop checks the arguments and calls it. */
function declaration({ description, parameters }: ToolDescription) {
  return { description, inputSchema: jsonSchema<unknown>(parameters) };
}
