import * as z from 'zod';
import { isJsonObject, type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { AgentSent, SendTarget } from '../../core/ports/agent-executor.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { SentMessage, ToolContext } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { abortable, countOccurrence } from './deadline.ts';
import type { Invocation, ProvidedTool } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/** What of an agent at work sends messages. */
type Sender = Pick<Invocation, 'run' | 'agent' | 'signal' | 'span'>;

/** How long a message waits for its delivery at most, unless its sender says how long. */
const usualWaitSeconds = 60;

/**
 * The connectors to which an agent can send, read once per run.
 *
 * @throws Error if the store is unavailable
 */
export function targetsOf({ run, agent, signal }: Sender): Promise<readonly SendTarget[]> {
  const known = run.targets.get(agent.name);
  const targets = known ?? run.sendTargets(agent.name);
  run.targets.set(agent.name, targets);
  return abortable(targets, signal);
}

/** The tools with which a model sends. A failing store is a failed tool: the model is not asked with half of its tools. */
export async function sendTools(invocation: Invocation<LlmAgent>): Promise<readonly ProvidedTool[]> {
  const targets = await withToolError('send_connector', invocation, () => targetsOf(invocation));
  return targets.flatMap((target) => {
    const { toolName, description, parameters } = target;
    if (toolName === null) return [];
    const tool = {
      name: toolName,
      description: `${description} ${background}`,
      parameters: withWait(parameters),
    };
    return [{ tool, call: (input, span) => callSendTool(invocation, toolName, target, input, span) }];
  });
}

const background = 'It is delivered in the background, and retried if the receiver fails.';

const wait: JsonObject = {
  type: 'boolean',
  description: 'Whether to wait until it is delivered, or has failed. Default: false.',
};

function withWait(parameters: JsonObject): JsonObject {
  const { properties } = parameters;
  return { ...parameters, properties: { ...(isJsonObject(properties) ? properties : {}), wait } };
}

const toolInput = z.looseObject({ wait: z.boolean().default(false) });

/**
 * Sends what a model gives to a tool `send_to_<name>`.
 *
 * @param input fits the tool's parameters
 * @param span of the call; it names the delivery
 * @throws AgentError `tool-error` if the platform fails; RunCancelled, AgentError `timeout`
 */
async function callSendTool(
  invocation: Invocation,
  toolName: string,
  target: SendTarget,
  input: unknown,
  span: OpenSpan,
): Promise<JsonObject> {
  const { wait: isAwaited, ...message } = toolInput.parse(input);
  const waitSeconds = isAwaited ? usualWaitSeconds : null;
  const sent = await withToolError(toolName, invocation, () =>
    send(invocation, target, jsonObject.parse(message), waitSeconds),
  );
  note(span, sent);
  if (sent.outcome === 'sent') return { ...resultOf(sent) };
  return { status: sent.outcome, reason: sent.reason };
}

const options = z.strictObject({
  wait: z.boolean().default(false),
  timeout_seconds: z.number().positive().default(usualWaitSeconds),
});

/** `context.send_connector`: how code of the project sends a message to a connector of its agent. */
export function sendConnector(sender: Sender): ToolContext['send_connector'] {
  return async (name, message, given = {}) => {
    const { wait: isAwaited, timeout_seconds: seconds } = options.parse(given);
    const target = targetNamed(await targetsOf(sender), name, sender.agent.name);
    const copy = JSON.parse(JSON.stringify(message ?? null));
    if (!isJsonObject(copy)) throw new Error('The message must be an object that JSON can represent.');
    const start = { kind: 'tool', name: `send_connector ${target.name}`, parent: sender.span } as const;
    return sender.run.trace.span(start, async (span) => {
      const sent = await send(sender, target, copy, isAwaited ? seconds : null);
      note(span, sent);
      if (sent.outcome === 'sent') return resultOf(sent);
      if (sent.outcome === 'refused') throw new Error(sent.reason);
      return { delivery_id: null, status: 'filtered', reason: sent.reason };
    });
  };
}

function targetNamed(targets: readonly SendTarget[], name: string, agentName: string): SendTarget {
  const target = targets.find((one) => one.name === name) ?? targets.find((one) => one.connectorId === name);
  if (target !== undefined) return target;
  const names = targets.map((one) => one.name);
  const nearest = nearestName(name, names);
  const meant = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  throw new Error(
    `The agent "${agentName}" can send to no connector "${name}".${meant} ` +
      'It must be an outbound connector that links to the agent, with the delivery "code" or "tool".',
  );
}

/** Gives a message to the platform, which knows it again if the run executes again. */
async function send(
  { run, agent, signal }: Sender,
  target: SendTarget,
  message: JsonObject,
  waitSeconds: number | null,
): Promise<AgentSent> {
  // Loaded only now: most runs send nothing.
  const { schemaCheck } = await import('./json-schema.ts');
  const problem = schemaCheck(target.parameters)(message);
  if (problem !== null) {
    return { outcome: 'refused', reason: `The message does not fit "${target.name}": ${problem}.` };
  }
  const messageText = JSON.stringify(message);
  const occurrence = countOccurrence(run, [target.connectorId, messageText]);
  return abortable(
    run.send({
      agentName: agent.name,
      connectorId: target.connectorId,
      messageText,
      occurrence,
      // The agent needs time for what comes after.
      waitSeconds: waitSeconds === null ? null : Math.min(waitSeconds, agent.timeoutSeconds / 2),
    }),
    signal,
  );
}

function resultOf({ deliveryId, status, reason }: AgentSent & { outcome: 'sent' }): SentMessage {
  return { delivery_id: deliveryId, status, ...(reason === null ? {} : { reason }) };
}

function note(span: OpenSpan, sent: AgentSent): void {
  if (sent.outcome === 'sent') span.set({ 'delivery.id': sent.deliveryId, 'delivery.status': sent.status });
}

async function withToolError<T>(
  toolName: string,
  { signal }: Pick<Invocation, 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted || thrown instanceof AgentError || !(thrown instanceof Error)) throw thrown;
    throw new AgentError('tool-error', `The tool "${toolName}" failed: ${thrown.message}`);
  }
}
