import type { JsonObject } from '../core/json/json-value.ts';
import type { ToolDescription } from './agent-project.ts';

/** The tools that every project has, by their bare names. */
export const builtInToolNames = ['trigger_agent', 'trigger_agent_at'] as const;
export type BuiltInToolName = (typeof builtInToolNames)[number];

/** The tools that stand for those that a model finds by searching. */
export const searchToolsName = 'search_tools';
export const useToolName = 'use_tool';

const target = {
  agent_name: { type: 'string', description: 'Name of the agent to run.' },
  payload: {
    type: 'object',
    additionalProperties: true,
    description: 'Its input. For plain text, {"message": "..."}.',
  },
} as const;

const longestWaitSeconds = 3_600;

const descriptions: Readonly<Record<BuiltInToolName, ToolDescription>> = {
  trigger_agent: describe(
    'trigger_agent',
    'Runs another agent. Waits for its answer, or returns the id of its run.',
    {
      ...target,
      wait_for_response: { type: 'boolean', description: 'Whether to wait for the answer. Default: true.' },
      timeout_seconds: {
        type: 'number',
        minimum: 1,
        maximum: longestWaitSeconds,
        description: 'How long to wait at most. The run continues after that. Default: 60.',
      },
    },
  ),
  trigger_agent_at: describe(
    'trigger_agent_at',
    'Runs another agent at a later time, at most 366 days from now, and returns the id of its run. Give at or delay_seconds.',
    {
      ...target,
      at: { type: 'string', description: 'When to run it: ISO 8601, such as 2026-12-24T18:00:00Z.' },
      delay_seconds: { type: 'integer', minimum: 0, description: 'Seconds from now.' },
    },
  ),
};

function describe(name: BuiltInToolName, description: string, properties: JsonObject): ToolDescription {
  const parameters = {
    type: 'object',
    properties,
    required: ['agent_name', 'payload'],
    additionalProperties: false,
  };
  return { name, description, parameters };
}

/** The built-in tool of that name; `undefined` if there is none. */
export function builtInTool(name: string): ToolDescription | undefined {
  return isBuiltIn(name) ? descriptions[name] : undefined;
}

export function isBuiltIn(name: string): name is BuiltInToolName {
  return builtInToolNames.some((known) => known === name);
}
