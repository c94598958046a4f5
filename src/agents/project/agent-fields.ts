import * as z from 'zod';
import { jsonValue } from '../../core/json/json-value.ts';
import { guardrailsField, modelName } from './guardrail-fields.ts';

/*
 * The fields of an agent file (agents.md). Each description completes "Expected ...". It is all that a person sees when
 * the field does not fit, so it names every limit.
 */

/** A day: no caller waits longer, and a number in milliseconds stands out. */
const longestTimeoutSeconds = 86_400;

export const agentName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const dotPath = z.string().regex(/^[^\s.]+(\.[^\s.]+)*$/);
const delaySeconds = z.number().min(0).max(300);
const count = z.int().min(1);

const retryFields = {
  attempts: z.int().min(1).max(10).optional().describe('a whole number of attempts from 1 to 10'),
  initial_delay: delaySeconds.optional().describe('a number of seconds from 0 to 300'),
  max_delay: delaySeconds.optional().describe('a number of seconds from 0 to 300'),
  rerun_middleware: z.boolean().optional().describe('true or false'),
};

const concurrencyFields = {
  key: dotPath.describe('a dot path into the payload, such as order.customer_id'),
  on_conflict: z.enum(['queue', 'drop']).optional().describe('queue or drop'),
};

const sessionFields = {
  key: dotPath.describe('a dot path into payload or context, such as input.chat_id or context.user_id'),
  ttl: z.int().min(60).optional().describe('a whole number of seconds, at least 60'),
};

const compressionFields = {
  enabled: z.boolean().optional().describe('true or false'),
  model: modelName.optional().describe('provider/model, such as gemini/gemini-2.5-flash-lite'),
  max_prompt_tokens: z
    .int()
    .min(1_000)
    .max(10_000_000)
    .optional()
    .describe('a whole number of tokens from 1000 to 10000000'),
  keep_recent_messages: z
    .int()
    .min(1)
    .max(200)
    .optional()
    .describe('a whole number of messages from 1 to 200'),
  session_history: z
    .strictObject({
      interval: z.int().min(1).max(100).describe('a whole number of runs from 1 to 100'),
      keep_recent_runs: z.int().min(1).max(100).describe('a whole number of runs from 1 to 100'),
    })
    .optional()
    .describe('the fields interval and keep_recent_runs'),
};

const mcpServerFields = {
  name: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,63}$/)
    .describe('letters, digits, hyphens and underscores, at most 64, beginning with a letter, such as crm'),
  url: z
    .string()
    .min(1)
    .max(2_000)
    .describe('the address of the server, such as https://mcp.example.com/mcp'),
  headers: z
    .record(z.string(), z.string().max(8_000))
    .optional()
    .describe(`a map of names to texts, such as Authorization and "Bearer \${CRM_TOKEN}"`),
  tools: z
    .array(z.string().regex(/^[\w./*-]{1,128}$/))
    .min(1)
    .max(100)
    .optional()
    .describe('a list of names of its tools, such as find_customer or find_*'),
  discoverable: z.boolean().optional().describe('true or false'),
};

const schemaName = z
  .string()
  .regex(/^\w[\w.-]*$/)
  .optional()
  .describe('the name of a file in schemas/, such as answer');

const commonFields = {
  version: z.literal('1.0').describe('"1.0", in quotes'),
  name: agentName.describe('lower-case letters, digits and hyphens, at most 64, such as order-desk'),
  description: z.string().optional().describe('a text'),
  type: z.enum(['llm', 'sequential', 'tool']).optional().describe('llm, sequential or tool'),
  timeout: z
    .number()
    .min(5)
    .max(longestTimeoutSeconds)
    .optional()
    .describe('a number of seconds from 5 to 86400'),
  retry_options: z
    .strictObject(retryFields)
    .optional()
    .describe('the fields attempts, initial_delay, max_delay and rerun_middleware'),
  input_schema: schemaName,
  sample: jsonValue.optional().describe('a payload that the agent can work on'),
  guardrails: guardrailsField,
};

const limitFields = {
  max_concurrent_runs: count.optional().describe('a whole number of runs, at least 1'),
  concurrency: z.strictObject(concurrencyFields).optional().describe('the fields key and on_conflict'),
};

/** A tool by name, or `name: condition`. YAML reads a condition such as `true` as a boolean. */
const toolEntry = z.union([
  z.string(),
  z.record(z.string(), z.union([z.string(), z.boolean()])).refine((entry) => Object.keys(entry).length === 1),
]);

const toolList = z
  .array(toolEntry)
  .max(100)
  .optional()
  .describe('a list of at most 100 tools, each "module.function" or "module.function: condition"');

const llmFields = {
  model: modelName.describe('provider/model, such as gemini/gemini-2.5-flash'),
  fallback_model: modelName.optional().describe('provider/model, such as openai/gpt-5.2'),
  system_prompt: z.string().optional().describe('a text'),
  temperature: z.number().min(0).max(2).optional().describe('a number from 0 to 2'),
  reasoning_effort: z
    .enum(['auto', 'off', 'minimal', 'low', 'medium', 'high', 'xhigh'])
    .optional()
    .describe('auto, off, minimal, low, medium, high or xhigh'),
  reasoning: z.boolean().optional().describe('true or false; better: reasoning_effort'),
  max_output_tokens: count.max(1_000_000).optional().describe('a whole number of tokens from 1 to 1000000'),
  max_iterations: count.max(1_000).optional().describe('a whole number of model calls from 1 to 1000'),
  output_schema: schemaName,
  tools: toolList,
  discoverable_tools: toolList,
  session: z.strictObject(sessionFields).optional().describe('the fields key and ttl'),
  context_compression: z
    .strictObject(compressionFields)
    .optional()
    .describe('the fields enabled, model, max_prompt_tokens, keep_recent_messages and session_history'),
  mcp_servers: z
    .array(z.strictObject(mcpServerFields))
    .max(50)
    .optional()
    .describe('a list of at most 50 servers, each with the fields name and url'),
};

const sequentialFields = {
  agents: z.array(z.string()).min(1).describe('a list of agent names, at least one'),
};

const toolFields = {
  tool_name: z.string().describe('a tool, such as orders.findOrder'),
};

/** The fields of each type of agent; strict, so that misspelt fields are found. */
export const agentSchemas = {
  llm: z.strictObject({ ...commonFields, ...limitFields, ...llmFields }),
  sequential: z.strictObject({ ...commonFields, ...sequentialFields }),
  tool: z.strictObject({ ...commonFields, ...limitFields, ...toolFields }),
};

/** The fields that are checked against other files. An agent whose other fields are invalid may have any of them. */
export const references = z
  .object({
    name: agentName,
    model: llmFields.model,
    fallback_model: llmFields.fallback_model,
    input_schema: schemaName,
    output_schema: llmFields.output_schema,
    tools: llmFields.tools,
    discoverable_tools: llmFields.discoverable_tools,
    mcp_servers: llmFields.mcp_servers,
    guardrails: guardrailsField,
    context_compression: llmFields.context_compression,
    ...sequentialFields,
    ...toolFields,
  })
  .partial();

export type References = z.infer<typeof references>;
export type AgentType = keyof typeof agentSchemas;
export type LlmFields = z.infer<(typeof agentSchemas)['llm']>;
export type SequentialFields = z.infer<(typeof agentSchemas)['sequential']>;
export type ToolFields = z.infer<(typeof agentSchemas)['tool']>;

const { name: _name, description: _description, sample: _sample, ...inheritable } = commonFields;

/** `_defaults.yaml` may have any field of any agent, except those that identify an agent. */
export const defaultsFields = {
  ...inheritable,
  ...limitFields,
  ...llmFields,
  ...sequentialFields,
  ...toolFields,
};

export const defaultsSchema = z.strictObject(defaultsFields).partial();
