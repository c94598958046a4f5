import type { JsonObject } from '../../core/json/json-value.ts';
import type {
  AgentDefinition,
  LlmAgent,
  RetryOptions,
  SequentialAgent,
  ToolAgent,
} from '../agent-definition.ts';
import type { LlmFields, References, SequentialFields, ToolFields } from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import { checkMcpServers } from './check-mcp-servers.ts';
import { defineGuardrails } from './define-guardrails.ts';
import type { LoadContext } from './load-context.ts';
import { resolveTools } from './resolve-tools.ts';
import { missingTool } from './tool-catalog.ts';
import type { CheckedAgent } from './validate-agent.ts';
import { placeOf } from './yaml-sources/located-value.ts';

/** Default timeout of an agent: as long as a sync webhook waits. */
const defaultTimeoutSeconds = 300;

const defaultMaxIterations = 100;

/** A busy model is asked again. A tool or a sequence may not be repeatable, so its agent must ask for retries. */
const defaultAttempts = { llm: 3, other: 1 };
const attemptsWhereRetriesAreAskedFor = 3;
const defaultInitialDelaySeconds = 1;
const defaultMaxDelaySeconds = 30;

/** Files of code that belong to one agent. */
type AgentCode = Pick<AgentDefinition, 'hasMiddleware' | 'hasHooks'>;

/**
 * Completes a valid agent: fills in defaults, and looks up its models, schema and tools. What cannot be found goes to
 * the log.
 *
 * @param code the files of code that the project has for the agent
 * @returns `null` if fields of the agent are invalid; what the others refer to is looked up all the same
 */
export async function defineAgent(
  agent: CheckedAgent,
  code: AgentCode,
  context: LoadContext,
): Promise<AgentDefinition | null> {
  if (agent.type === 'invalid') {
    await lookUp(agent.fields, null, agent.source, context);
    return null;
  }
  const defined = await defineByType(agent, code, context);
  await checkSample(defined, agent.source, context);
  return defined;
}

function defineByType(
  agent: Exclude<CheckedAgent, { type: 'invalid' }>,
  code: AgentCode,
  context: LoadContext,
): Promise<AgentDefinition> {
  switch (agent.type) {
    case 'llm':
      return defineLlmAgent(agent.fields, agent.source, code, context);
    case 'sequential':
      return defineSequentialAgent(agent.fields, agent.source, code, context);
    case 'tool':
      return defineToolAgent(agent.fields, agent.source, code, context);
  }
}

async function defineLlmAgent(
  fields: LlmFields,
  source: AgentSource,
  code: AgentCode,
  context: LoadContext,
): Promise<LlmAgent> {
  const found = await lookUp(fields, 'llm', source, context);
  return {
    ...commonParts(fields, source, code, defaultAttempts.llm),
    ...limits(fields),
    type: 'llm',
    model: fields.model,
    fallbackModel: fields.fallback_model ?? null,
    systemPrompt: fields.system_prompt ?? '',
    temperature: fields.temperature ?? null,
    reasoningEffort: reasoningEffort(fields),
    maxOutputTokens: fields.max_output_tokens ?? null,
    maxIterations: fields.max_iterations ?? defaultMaxIterations,
    ...found,
    session: session(fields),
    compression: compression(fields),
  };
}

async function defineSequentialAgent(
  fields: SequentialFields,
  source: AgentSource,
  code: AgentCode,
  context: LoadContext,
): Promise<SequentialAgent> {
  const { guardrails, inputSchema } = await lookUp(fields, 'sequential', source, context);
  const common = commonParts(fields, source, code, defaultAttempts.other);
  return { ...common, ...limits({}), guardrails, inputSchema, type: 'sequential', agents: fields.agents };
}

async function defineToolAgent(
  fields: ToolFields,
  source: AgentSource,
  code: AgentCode,
  context: LoadContext,
): Promise<ToolAgent> {
  const { guardrails, inputSchema } = await lookUp(fields, 'tool', source, context);
  const common = commonParts(fields, source, code, defaultAttempts.other);
  return { ...common, ...limits(fields), guardrails, inputSchema, type: 'tool', toolName: fields.tool_name };
}

/**
 * Looks up what the fields of an agent refer to in other files, and reports what is not there.
 *
 * @param type `null` if fields of the agent are invalid
 */
async function lookUp(
  fields: References,
  type: AgentDefinition['type'] | null,
  source: AgentSource,
  context: LoadContext,
): Promise<
  Pick<LlmAgent, 'inputSchema' | 'outputSchema' | 'tools' | 'discoverableTools' | 'mcpServers' | 'guardrails'>
> {
  checkModel(['model'], fields.model, source, context);
  checkModel(['fallback_model'], fields.fallback_model, source, context);
  checkModel(['context_compression', 'model'], fields.context_compression?.model, source, context);
  checkTool(fields.tool_name, source, context);
  const tools = resolveTools('tools', fields, source, context);
  const found = resolveTools('discoverable_tools', fields, source, context);
  return {
    inputSchema: await schemaOf('input_schema', fields, source, context),
    outputSchema: await schemaOf('output_schema', fields, source, context),
    tools,
    discoverableTools: found.filter(({ name }) => !tools.some((tool) => tool.name === name)),
    mcpServers: checkMcpServers(fields.mcp_servers ?? [], source, context),
    guardrails: defineGuardrails(fields.guardrails, type, source, context),
  };
}

function commonParts(
  fields: Pick<LlmFields, 'name' | 'description' | 'timeout' | 'retry_options' | 'sample'>,
  { file }: AgentSource,
  code: AgentCode,
  attempts: number,
) {
  return {
    name: fields.name,
    description: fields.description ?? null,
    file,
    timeoutSeconds: fields.timeout ?? defaultTimeoutSeconds,
    retry: retryOptions(fields.retry_options, attempts),
    ...code,
    sample: fields.sample ?? null,
  };
}

function retryOptions(options: LlmFields['retry_options'], attempts: number): RetryOptions {
  return {
    attempts: options === undefined ? attempts : (options.attempts ?? attemptsWhereRetriesAreAskedFor),
    initialDelaySeconds: options?.initial_delay ?? defaultInitialDelaySeconds,
    maxDelaySeconds: options?.max_delay ?? defaultMaxDelaySeconds,
    ...(options?.rerun_middleware === true ? { rerunMiddleware: true } : {}),
  };
}

function limits({
  max_concurrent_runs,
  concurrency,
}: Pick<ToolFields, 'max_concurrent_runs' | 'concurrency'>) {
  return {
    maxConcurrentRuns: max_concurrent_runs ?? null,
    concurrency:
      concurrency === undefined
        ? null
        : { key: payloadPath(concurrency.key), onConflict: concurrency.on_conflict ?? 'queue' },
  } as const;
}

function session({ session }: LlmFields): LlmAgent['session'] {
  if (session === undefined) return null;
  const { key, ttl } = session;
  const isWhole = key.startsWith('context.') || key.startsWith('input.');
  return { key: isWhole ? key : `input.${key}`, ttlSeconds: ttl ?? null };
}

/** Enough for any task, and well below what models accept. */
const defaultPromptTokens = 60_000;
const defaultRecentMessages = 8;

function compression({ context_compression }: LlmFields): LlmAgent['compression'] {
  if (context_compression === undefined || context_compression.enabled === false) return null;
  const { model, max_prompt_tokens, keep_recent_messages, session_history } = context_compression;
  return {
    model: model ?? null,
    maxPromptTokens: max_prompt_tokens ?? defaultPromptTokens,
    keepRecentMessages: keep_recent_messages ?? defaultRecentMessages,
    sessionHistory:
      session_history === undefined
        ? null
        : { interval: session_history.interval, keepRecentRuns: session_history.keep_recent_runs },
  };
}

/** `input.order.id` and `order.id` are the same path into the payload. */
function payloadPath(key: string): string {
  return key.replace(/^input\./, '');
}

/** `null` leaves the choice to the provider, as `auto` does; `reasoning: false` is the older form of `off`. */
function reasoningEffort({ reasoning_effort, reasoning }: LlmFields): string | null {
  const effort = reasoning_effort ?? (reasoning === false ? 'off' : 'auto');
  return effort === 'auto' ? null : effort;
}

async function schemaOf(
  field: 'input_schema' | 'output_schema',
  fields: References,
  source: AgentSource,
  { schemas, log }: LoadContext,
): Promise<JsonObject | null> {
  const name = fields[field];
  if (name === undefined) return null;
  const found = await schemas.find(name);
  if (found.outcome === 'found') return found.schema;
  if (found.outcome === 'broken') log.add(found.problems);
  else log.refuse(placeOf(source.value, [field]), [field], found.message);
  return null;
}

/** Refuses a sample that the agent itself would refuse. */
async function checkSample(
  { sample, inputSchema }: AgentDefinition,
  { value }: AgentSource,
  { log }: LoadContext,
): Promise<void> {
  if (sample === null || inputSchema === null) return;
  const { schemaCheck } = await import('../run/json-schema.ts');
  const problem = schemaCheck(inputSchema)(sample);
  if (problem === null) return;
  log.refuse(placeOf(value, ['sample']), ['sample'], `The sample does not fit the input schema: ${problem}.`);
}

function checkTool(
  name: string | undefined,
  { value }: AgentSource,
  { toolCatalog, log }: LoadContext,
): void {
  const missing = name === undefined || toolCatalog.tools.has(name) ? null : missingTool(name, toolCatalog);
  if (missing !== null) log.refuse(placeOf(value, ['tool_name']), ['tool_name'], missing);
}

/** Refuses a model of an unknown provider, if the agents' environment is known. */
function checkModel(
  path: readonly string[],
  model: string | undefined,
  { value }: AgentSource,
  context: LoadContext,
): void {
  const complaint = model === undefined ? null : context.providerComplaint(model);
  if (complaint !== null) context.log.refuse(placeOf(value, path), path, complaint);
}
