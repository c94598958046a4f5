import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { demoValue } from '../models/demo-value.ts';

/** Content of free texts in a sample. */
const sampleText = 'Hello';
const message = { message: sampleText };

/**
 * A payload to try an agent with: `sample` from its file; else one that fits its tool's parameter or its first step;
 * else a message.
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

/**
 * The required fields of a tool's parameter, because optional ones mostly narrow a request; a message if it has no
 * fields.
 */
function sampleInput(parameters: JsonObject): JsonValue {
  const { properties, required } = parameters;
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  if (fields.length === 0) return message;
  const needed = fields.filter(([name]) => Array.isArray(required) && required.includes(name));
  return demoValue({ ...parameters, properties: Object.fromEntries(needed) }, sampleText);
}
