import * as z from 'zod';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import type { AgentTrigger, AgentTriggered } from '../../core/ports/agent-executor.ts';
import type { BuiltInToolName } from '../built-in-tools.ts';
import { AgentError } from './agent-error.ts';
import { abortable } from './deadline.ts';
import type { Invocation } from './run-scope.ts';

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
export async function callBuiltInTool(
  invocation: Invocation,
  name: BuiltInToolName,
  input: unknown,
): Promise<JsonObject> {
  const { run, signal } = invocation;
  const trigger = name === 'trigger_agent' ? triggerNow(input) : triggerLater(input);
  if (typeof trigger === 'string') return { status: 'refused', reason: trigger };
  const call = JSON.stringify(trigger);
  const occurrence = run.triggers.get(call) ?? 0;
  run.triggers.set(call, occurrence + 1);
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
