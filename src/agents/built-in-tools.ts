import type { JsonObject } from '../core/json/json-value.ts';
import type { ToolDescription } from './agent-project.ts';

/** The tools that every project has, by their bare names. */
export const builtInToolNames = ['trigger_agent', 'trigger_agent_at', 'web_search', 'web_read_page'] as const;
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
    ['agent_name', 'payload'],
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
    ['agent_name', 'payload'],
    {
      ...target,
      at: { type: 'string', description: 'When to run it: ISO 8601, such as 2026-12-24T18:00:00Z.' },
      delay_seconds: { type: 'integer', minimum: 0, description: 'Seconds from now.' },
    },
  ),
  web_search: describe(
    'web_search',
    'Searches the web. Returns the title, the address, and an excerpt of each page found.',
    ['query'],
    {
      query: { type: 'string', minLength: 1, maxLength: 400, description: 'What to search for.' },
      max_results: { type: 'integer', minimum: 1, maximum: 20, description: 'Default: 5.' },
    },
  ),
  web_read_page: describe(
    'web_read_page',
    'Reads a web page. Returns its title and its text as Markdown.',
    ['url'],
    {
      url: { type: 'string', description: 'Address of the page, with https:// or http://.' },
      start: {
        type: 'integer',
        minimum: 0,
        description:
          'Character to start from, to read on where an earlier result ended: its next_start. Default: 0.',
      },
      max_characters: {
        type: 'integer',
        minimum: 1,
        maximum: 200_000,
        description: 'How much of the text to return at most. Default: 20,000.',
      },
    },
  ),
};

function describe(
  name: BuiltInToolName,
  description: string,
  required: readonly string[],
  properties: JsonObject,
): ToolDescription {
  const parameters = { type: 'object', properties, required: [...required], additionalProperties: false };
  return { name, description, parameters };
}

/** The built-in tool of that name; `undefined` if there is none. */
export function builtInTool(name: string): ToolDescription | undefined {
  return isBuiltIn(name) ? descriptions[name] : undefined;
}

export function isBuiltIn(name: string): name is BuiltInToolName {
  return builtInToolNames.some((known) => known === name);
}
