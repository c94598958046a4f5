import * as z from 'zod';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import type { AgentTrigger, AgentTriggered } from '../../core/ports/agent-executor.ts';
import type { ToolAgent } from '../agent-definition.ts';
import type { ToolHooks } from '../agent-project.ts';
import { type BuiltInToolName, isBuiltIn } from '../built-in-tools.ts';
import { AgentError } from './agent-error.ts';
import { abortable, countOccurrence, withRetries } from './deadline.ts';
import { applyAfter, applyBefore, runProjectCode, textOf } from './run-project-code.ts';
import type { AgentAnswer, Invocation, ProvidedTool, RunScope } from './run-scope.ts';
import type { HookedCall } from './tool-hooks.ts';
import { given, type OpenSpan, type SpanStart } from './trace-recorder.ts';

/**
 * Runs a tool agent: calls its tool with the payload, without a model.
 *
 * @throws AgentError `tool-error`, `middleware-error`, `output-invalid`; RunCancelled, AgentError `timeout`
 */
export async function runToolAgent(invocation: Invocation<ToolAgent>): Promise<AgentAnswer> {
  const { agent, span } = invocation;
  let input = await applyBefore(invocation, invocation.payload.value);
  const returned = await withRetries(
    invocation,
    span,
    () => {
      const call = { name: agent.toolName, input, callId: null, provided: null, problemOf: null };
      return callTool(invocation, call, span);
    },
    async () => {
      input = await applyBefore(invocation, invocation.payload.value);
    },
  );
  const answer = textOf(returned, `The tool "${agent.toolName}"`);
  return { text: await applyAfter(invocation, answer), session: null };
}

/** Maximum characters that the trace keeps of a tool's arguments, and of its result. */
const shownLength = 8_000;

export interface ToolCall extends HookedCall {
  /** What answers it; `null` for a tool of the project. */
  readonly provided: ProvidedTool | null;
}

/**
 * Calls a tool with the agent's hooks around it, as one span of the trace.
 *
 * @returns the tool's return value, or what a hook has made of it
 * @throws AgentError `tool-error` with the tool's name and its error; RunCancelled, AgentError `timeout`
 */
export async function callTool(invocation: Invocation, call: ToolCall, parent: OpenSpan): Promise<unknown> {
  const { trace } = invocation.run;
  return trace.span(toolSpan(invocation.run, call, parent), async (span) => {
    const perform = (input: unknown) => {
      if (input !== call.input) span.set(argumentsOf(invocation.run, input));
      const { name, provided } = call;
      return provided === null ? runTool(invocation, name, input) : provided.call(input, span);
    };
    const hooks = hooksOf(invocation);
    const result =
      hooks === null
        ? await perform(call.input)
        : await (await hookedCalls()).callWithHooks(invocation, hooks, call, span, perform);
    const answer = hasFile(result) ? await withFiles(result, call.name) : result;
    span.set(given({ 'gen_ai.tool.call.result': trace.content.json(answer, shownLength) }));
    // The output of a tool agent has the files themselves.
    return call.callId === null ? result : answer;
  });
}

/** What every `ToolFile` has, whichever copy of the class has made it (agent-code.ts). */
const toolFile = Symbol.for('agent-connectors.tool-file');

/** Whether there is a `ToolFile` in a result, at any depth. */
function hasFile(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value))
    return false;
  seen.add(value);
  return toolFile in value || Object.values(value).some((inner) => hasFile(inner, seen));
}

/** @throws AgentError `output-invalid` if JSON cannot represent the result */
async function withFiles(result: unknown, name: string): Promise<unknown> {
  textOf(result, `The tool "${name}"`);
  const { answerWithFiles } = await import('./tool-files.ts');
  return answerWithFiles(result);
}

/** The start of a tool call's span. */
export function toolSpan(run: RunScope, call: ToolCall, parent: OpenSpan): SpanStart {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.type': 'function',
    ...(call.callId === null ? {} : { 'gen_ai.tool.call.id': call.callId }),
    ...argumentsOf(run, call.input),
  };
  return { kind: 'tool', name: `execute_tool ${call.name}`, parent, attributes };
}

function argumentsOf({ trace }: RunScope, input: unknown): JsonObject {
  return given({ 'gen_ai.tool.call.arguments': trace.content.json(input, shownLength) });
}

/** Loaded when an agent with hooks calls a tool. */
const hookedCalls = () => import('./tool-hooks.ts');

function hooksOf({ run, agent }: Invocation): ToolHooks | null {
  const { hooks } = run.code;
  return Object.hasOwn(hooks, agent.name) ? (hooks[agent.name] ?? null) : null;
}

async function runTool(invocation: Invocation, name: string, input: unknown): Promise<unknown> {
  const { run, context } = invocation;
  if (isBuiltIn(name)) return callBuiltInTool(invocation, name, input);
  const tool = Object.hasOwn(run.code.tools, name) ? run.code.tools[name] : undefined;
  if (tool === undefined) throw new AgentError('tool-error', `The project has no tool named "${name}".`);
  return runProjectCode(invocation, {
    source: `tool:${name}`,
    title: `The tool "${name}"`,
    errorCode: 'tool-error',
    // Each tool declares its own input type; the caller must know that this input fits.
    run: () => tool(input as never, context),
  });
}

const toAgent = z.object({ agent_name: z.string(), payload: jsonObject });
const now = toAgent.extend({
  wait_for_response: z.boolean().default(true),
  timeout_seconds: z.number().positive().default(60),
});
const later = toAgent.extend({ at: z.string().optional(), delay_seconds: z.number().optional() });

/**
 * Calls a built-in tool.
 *
 * @param input fits the tool's parameters
 * @returns the result for the model
 * @throws AgentError `tool-error` if the platform fails; RunCancelled, AgentError `timeout`
 */
async function callBuiltInTool(
  invocation: Invocation,
  name: BuiltInToolName,
  input: unknown,
): Promise<JsonObject> {
  switch (name) {
    case 'trigger_agent':
      return triggerAgent(invocation, name, triggerNow(input));
    case 'trigger_agent_at':
      return triggerAgent(invocation, name, triggerLater(input));
    case 'web_search': {
      const { searchWeb } = await import('./web/search-web.ts');
      return searchWeb(input, invocation.run.environment, invocation.signal);
    }
    case 'web_read_page': {
      const { readPage } = await import('./web/read-page.ts');
      return readPage(input, invocation.run.environment, invocation.signal);
    }
  }
}

/** @param trigger a sentence for the model if there is nothing to trigger */
async function triggerAgent(
  { run, signal }: Invocation,
  name: BuiltInToolName,
  trigger: Wanted | string,
): Promise<JsonObject> {
  if (typeof trigger === 'string') return { status: 'refused', reason: trigger };
  const { agentName, payloadText, when } = trigger;
  const occurrence = countOccurrence(run, [agentName, payloadText, when]);
  try {
    return resultOf(await abortable(run.trigger({ ...trigger, occurrence }), signal));
  } catch (thrown) {
    if (signal.aborted || thrown instanceof AgentError || !(thrown instanceof Error)) throw thrown;
    throw new AgentError('tool-error', `The tool "${name}" failed: ${thrown.message}`);
  }
}

type Wanted = Omit<AgentTrigger, 'occurrence'>;

function triggerNow(input: unknown): Wanted {
  const { agent_name, payload, wait_for_response, timeout_seconds } = now.parse(input);
  const waitSeconds = wait_for_response ? timeout_seconds : null;
  return { agentName: agent_name, payloadText: JSON.stringify(payload), when: {}, waitSeconds };
}

/** @returns a sentence for the model if the time is missing or is none */
function triggerLater(input: unknown): Wanted | string {
  const { agent_name, payload, at, delay_seconds: delaySeconds } = later.parse(input);
  if (at === undefined && delaySeconds === undefined) return 'Give at or delay_seconds.';
  const atMs = at === undefined ? undefined : Date.parse(at);
  if (atMs !== undefined && !Number.isFinite(atMs)) return 'at must be a time, such as 2026-12-24T18:00:00Z.';
  const when = {
    ...(atMs === undefined ? {} : { at: atMs }),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  };
  return { agentName: agent_name, payloadText: JSON.stringify(payload), when, waitSeconds: null };
}

function resultOf(triggered: AgentTriggered): JsonObject {
  if (triggered.outcome === 'refused') return { status: 'refused', reason: triggered.reason };
  const { runId, status, scheduledAt, output, error } = triggered;
  return {
    run_id: runId,
    status,
    ...(scheduledAt === null ? {} : { scheduled_at: new Date(scheduledAt).toISOString() }),
    ...(output === null ? {} : { output }),
    ...(error === null ? {} : { error }),
  };
}
