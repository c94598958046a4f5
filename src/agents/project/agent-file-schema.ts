import * as z from 'zod';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { agentSchemas, defaultsSchema } from './agent-fields.ts';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema of files in `agents/`, for editors. Loading checks the same fields, and what they refer to.
 *
 * @param file `agent`, or `agent-defaults` for a `_defaults.yaml`
 */
export function agentFileSchema(file: 'agent' | 'agent-defaults'): JsonObject {
  if (file === 'agent-defaults') {
    return { $schema: dialect, title: 'Defaults of agents', ...rendered(defaultsSchema) };
  }
  const { llm, sequential, tool } = agentSchemas;
  const every = z.strictObject({ ...llm.shape, ...sequential.shape, ...tool.shape });
  const typed = (...types: string[]) => ({ required: ['type'], properties: { type: { enum: types } } });
  return {
    $schema: dialect,
    title: 'Agent',
    ...rendered(every),
    // Everything else may be inherited from a `_defaults.yaml`.
    required: ['name'],
    allOf: [
      withoutOthers(typed('sequential'), every, sequential),
      withoutOthers(typed('tool'), every, tool),
      withoutOthers({ not: typed('sequential', 'tool') }, every, llm),
    ],
  };
}

/** The rule for one type of agent: it has no fields of the others. */
function withoutOthers(isOfType: JsonObject, every: z.ZodObject, own: z.ZodObject): JsonObject {
  const others = Object.keys(every.shape).filter((field) => !Object.hasOwn(own.shape, field));
  return {
    if: isOfType,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: Object.fromEntries(others.map((field) => [field, false])) },
  };
}

function rendered(fields: z.ZodObject): JsonObject {
  const schema = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' });
  const {
    $schema: _dialect,
    required: _required,
    ...rest
  } = jsonObject.parse(JSON.parse(JSON.stringify(schema)));
  return rest;
}
