import type { CallToolResult, Tool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { AwaitedRuns } from '../../core/connectors/accepted-trigger.ts';
import type { Mode } from '../../core/connectors/connector.ts';
import { isJsonObject, type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { Run } from '../../core/runs/run.ts';

/** The tool that reads a run started by the client. */
export const getRunName = 'get_run';

/** A tool for each linked agent and, if calls do not wait for their runs, a tool to read runs. */
export function toolsOf(mode: Mode, agents: readonly AgentSummary[]): Tool[] {
  const ofAgents = agents.map((agent) => agentTool(mode, agent));
  return mode === 'sync' ? ofAgents : [...ofAgents, getRunTool];
}

/** The name of an agent's tool. All MCP clients accept letters, digits, and underscores, but not all accept hyphens. */
export function toolName({ name }: Pick<AgentSummary, 'name'>): string {
  const underscored = name.replaceAll('-', '_');
  return underscored === getRunName ? `${getRunName}_agent` : underscored;
}

function agentTool(mode: Mode, agent: AgentSummary): Tool {
  const described = agent.description ?? `Runs the agent ${agent.name}.`;
  const output = mode === 'sync' ? objectSchemaOf(agent) : startedSchema;
  return {
    name: toolName(agent),
    title: agent.name,
    description:
      mode === 'sync' ? described : `${described} Returns a run id; read the result with ${getRunName}.`,
    inputSchema: callSchema,
    ...(output === null ? {} : { outputSchema: output }),
  };
}

/**
 * The output schema if it describes an object, the only kind that MCP supports (specification, "Tools", "Output
 * Schema").
 */
export function objectSchemaOf({ outputSchema }: AgentSummary): (JsonObject & { type: 'object' }) | null {
  if (!isJsonObject(outputSchema) || outputSchema['type'] !== 'object') return null;
  return { ...outputSchema, type: 'object' };
}

export const callArguments = z.strictObject({ message: z.string(), payload: jsonObject.optional() });

const callSchema = {
  type: 'object' as const,
  properties: {
    message: { type: 'string', description: 'What the agent is to do, or to answer.' },
    payload: { type: 'object', description: 'Data for the agent, in addition to the message.' },
  },
  required: ['message'],
  additionalProperties: false,
};

const startedSchema = {
  type: 'object' as const,
  properties: { run_id: { type: 'string' }, status: { type: 'string' } },
  required: ['run_id', 'status'],
};

export const getRunArguments = z.strictObject({ run_id: z.string() });

const getRunTool: Tool = {
  name: getRunName,
  title: 'Get run',
  description: 'Returns the status of a run that was started here, and its output once it has completed.',
  inputSchema: {
    type: 'object',
    properties: { run_id: { type: 'string', description: 'The id that the call of a tool returned.' } },
    required: ['run_id'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      run_id: { type: 'string' },
      agent_name: { type: 'string' },
      status: { type: 'string' },
      output: { type: ['string', 'null'] },
      error: { type: ['string', 'null'] },
    },
    required: ['run_id', 'agent_name', 'status', 'output', 'error'],
  },
  annotations: { readOnlyHint: true },
};

/** A tool result as text for the model and as an object for programs. */
export function structured(value: JsonObject): CallToolResult {
  return { content: [text(JSON.stringify(value))], structuredContent: value };
}

/** A failure that the client's model reads. @param message one sentence */
export function failed(message: string): CallToolResult {
  return { content: [text(message)], isError: true };
}

export function describeRun(run: Run): CallToolResult {
  return structured({
    run_id: run.runId,
    agent_name: run.agentName,
    status: run.status,
    output: run.status === 'completed' ? run.output : null,
    error: run.error?.message ?? null,
  });
}

/** The result for a client that waited for a run. @param outputSchema whether the tool has one */
export function endedResult(
  run: Run,
  outcome: AwaitedRuns['outcome'],
  outputSchema: boolean,
): CallToolResult {
  switch (run.status) {
    case 'completed':
      return { ...completed(run.output ?? '', outputSchema), _meta: { [runIdKey]: run.runId } };
    case 'failed':
    case 'cancelled':
      return failed(run.error?.message ?? `The run was ${run.status}.`);
    default:
      return failed(`Run ${run.runId} ${whyHeld[outcome] ?? inTime}`);
  }
}

const inTime = 'has not ended within the timeout of this connector. It continues.';
const whyHeld: { readonly [outcome in AwaitedRuns['outcome']]?: string } = {
  paused: 'is stored. It waits until an operator resumes what is paused.',
  held: 'is stored. It waits for a budget that is used up.',
};

/** The product's own key, in the required form (MCP specification, "General fields", "_meta"). */
const runIdKey = 'agent-connectors/run_id';

function completed(output: string, outputSchema: boolean): CallToolResult {
  const value = outputSchema ? objectIn(output) : null;
  return { content: [text(output)], ...(value === null ? {} : { structuredContent: value }) };
}

function objectIn(output: string): JsonObject | null {
  try {
    return jsonObject.safeParse(JSON.parse(output)).data ?? null;
  } catch {
    return null;
  }
}

function text(content: string): { type: 'text'; text: string } {
  return { type: 'text', text: content };
}
