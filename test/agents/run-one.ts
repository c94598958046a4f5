import type {
  AgentDefinition,
  LlmAgent,
  SequentialAgent,
  ToolAgent,
} from '../../src/agents/agent-definition.ts';
import type {
  Middleware,
  ProjectCode,
  ToolDescription,
  ToolFunction,
  ToolHooks,
} from '../../src/agents/agent-project.ts';
import { runAgent } from '../../src/agents/run/run-agent.ts';
import type { RunEnvironment } from '../../src/agents/run/run-scope.ts';
import { type JsonValue, Payload } from '../../src/core/json/json-value.ts';
import type { AgentHooks, AgentOutcome, AgentRequest } from '../../src/core/ports/agent-executor.ts';
import { nothingOutside } from './nothing-outside.ts';

const base = {
  description: null,
  timeoutSeconds: 20,
  retry: { attempts: 1, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 },
  maxConcurrentRuns: null,
  concurrency: null,
  hasMiddleware: false,
  hasHooks: false,
  inputSchema: null,
  sample: null,
  guardrails: null,
};

/** An llm agent on the demo model, without tools, unless said otherwise. */
export function llmAgent(name: string, fields: Partial<LlmAgent> = {}): LlmAgent {
  return {
    ...base,
    name,
    file: `agents/${name}.yaml`,
    type: 'llm',
    model: 'demo/scripted',
    fallbackModel: null,
    systemPrompt: '',
    temperature: null,
    reasoningEffort: null,
    maxOutputTokens: null,
    maxIterations: 10,
    outputSchema: null,
    tools: [],
    session: null,
    compression: null,
    mcpServers: [],
    discoverableTools: [],
    ...fields,
  };
}

export function toolAgent(name: string, toolName: string, fields: Partial<ToolAgent> = {}): ToolAgent {
  return { ...base, name, file: `agents/${name}.yaml`, type: 'tool', toolName, ...fields };
}

export function sequentialAgent(
  name: string,
  agents: readonly string[],
  fields: Partial<SequentialAgent> = {},
): SequentialAgent {
  return { ...base, name, file: `agents/${name}.yaml`, type: 'sequential', agents, ...fields };
}

/** A tool's description that takes one text, `orderId`. */
export function orderTool(name: string): ToolDescription {
  return {
    name,
    description: 'Finds an order.',
    parameters: {
      type: 'object',
      properties: { orderId: { type: 'string' } },
      required: ['orderId'],
      additionalProperties: false,
    },
  };
}

export interface OneRun {
  /** The first one is run. */
  readonly agents: readonly AgentDefinition[];
  readonly tools?: Readonly<Record<string, ToolFunction>>;
  readonly descriptions?: readonly ToolDescription[];
  readonly middleware?: Readonly<Record<string, Middleware>>;
  readonly toolHooks?: Readonly<Record<string, ToolHooks>>;
  readonly guardrails?: ProjectCode['guardrails'];
  readonly request?: Partial<Omit<AgentRequest, 'payload'>> & { readonly payload?: JsonValue };
  readonly hooks?: Partial<AgentHooks>;
  readonly env?: RunEnvironment['env'];
}

/** Runs the first agent of a small project once. */
export function runOne(one: OneRun): Promise<AgentOutcome> {
  const { payload = { message: 'Hello' }, ...given } = one.request ?? {};
  const request: AgentRequest = {
    runId: '01890a5d-ac96-774b-bcce-b302099a8057',
    agentName: one.agents[0]?.name ?? '',
    connectorId: 'connector-1',
    payload: Payload.of(payload),
    modelInput: null,
    context: {},
    attempt: 1,
    isolation: 'shared' as const,
    streaming: one.hooks?.onText !== undefined,
    awaited: false,
    ...given,
  };
  return runAgent(
    { agents: one.agents, tools: one.descriptions ?? [] },
    {
      tools: one.tools ?? {},
      middleware: one.middleware ?? {},
      hooks: one.toolHooks ?? {},
      guardrails: one.guardrails ?? {},
    },
    request,
    { signal: new AbortController().signal, loadSession: async () => [], ...nothingOutside, ...one.hooks },
    { env: one.env ?? {}, now: Date.now },
  );
}

/** The run's output. Throws for a run that did not complete. */
export function outputOf(outcome: AgentOutcome): string {
  if (outcome.outcome === 'completed') return outcome.output;
  throw new Error(outcome.outcome === 'failed' ? outcome.error.message : 'The run was cancelled.');
}

/** The run's error. Throws for a run that did not fail. */
export function errorOf(outcome: AgentOutcome) {
  if (outcome.outcome === 'failed') return outcome.error;
  throw new Error(`The run is ${outcome.outcome}.`);
}
