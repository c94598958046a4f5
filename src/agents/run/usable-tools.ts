import { evaluateCondition } from '../../core/conditions/evaluate-condition.ts';
import { parseCondition } from '../../core/conditions/parse-condition.ts';
import type { AgentTool, LlmAgent } from '../agent-definition.ts';
import type { ToolDescription } from '../agent-project.ts';
import { builtInTool } from '../built-in-tools.ts';
import { toolConditionRoots } from '../tool-condition-roots.ts';
import { factsOf } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';

/**
 * Those of the tools whose conditions hold for the current context: a tool may appear or disappear while the agent
 * works.
 */
export function usableTools(
  invocation: Invocation<LlmAgent>,
  tools: readonly AgentTool[],
): readonly ToolDescription[] {
  const facts = factsOf(invocation);
  return tools.flatMap(({ name, condition }) => {
    if (condition !== null && !holds(condition, facts)) return [];
    return builtInTool(name) ?? invocation.run.project.tools.find((known) => known.name === name) ?? [];
  });
}

function holds(text: string, facts: ReturnType<typeof factsOf>): boolean {
  const parsed = parseCondition(text, toolConditionRoots);
  return parsed.outcome === 'parsed' && evaluateCondition(parsed.condition, facts);
}
