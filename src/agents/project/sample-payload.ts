import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { demoValue } from '../models/demo-value.ts';

/** What free texts of a sample say. */
const sampleText = 'Hello';
const message = { message: sampleText };

/**
 * A payload to try an agent with: `sample` of its file; else one that its tool's parameter, or its first step, can
 * read; else a message.
 */
export function samplePayloadOf(agent: AgentDefinition, project: AgentProject): JsonValue {
  if (agent.sample !== null) return agent.sample;
  switch (agent.type) {
    case 'llm':
      return message;
    case 'tool':
      return sampleInput(project.tools.find(({ name }) => name === agent.toolName)?.parameters ?? {});
    case 'sequential': {
      const first = project.agents.find(({ name }) => name === agent.agents[0]);
      return first === undefined ? {} : samplePayloadOf(first, project);
    }
  }
}

/** The required fields of a tool's parameter, for optional ones mostly narrow something down; a message where it has none. */
function sampleInput(parameters: JsonObject): JsonValue {
  const { properties, required } = parameters;
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  if (fields.length === 0) return message;
  const needed = fields.filter(([name]) => Array.isArray(required) && required.includes(name));
  return demoValue({ ...parameters, properties: Object.fromEntries(needed) }, sampleText);
}
