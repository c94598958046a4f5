import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Reply } from '../../core/connectors/accepted-trigger.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { IdempotencyKey, ReceiveContext, Received } from '../../core/connectors/received.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import { isCall } from './message.ts';
import { agentOfTool } from './offered-tools.ts';
import { progressStream } from './progress.ts';
import type { Spoken } from './protocol.ts';
import { endedResult, failed, objectSchemaOf, structured } from './tools.ts';

type Called = Extract<Spoken, { outcome: 'called' }>;

/** How long a call that is sent again is recognised: longer than any client waits. */
const repeatedForMs = 3_600_000;

const callMessage = z.looseObject({
  id: z.union([z.string(), z.number()]),
  params: z.looseObject({
    _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
  }),
});

/** Takes the call of an agent's tool: only that agent runs, and the answer is the tool's result. */
export function acceptCall(
  request: HttpRequest,
  message: Payload,
  called: Called,
  context: ReceiveContext,
): Received {
  const agent = agentOfTool(context.agents(), called.call.name);
  if (agent === null) throw new Error(`the tool ${called.call.name} was offered by no agent`);
  const { place, value } = callIn(message);
  const { id, params } = callMessage.parse(value);
  const payload = payloadOf(message, place, called);
  return {
    outcome: 'accepted',
    payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: repeatOf(request, id, payload),
    natural: null,
    agents: [agent.name],
    reply: replyOf(called, agent, { id, token: params._meta?.progressToken, request }),
  };
}

/** The one message that calls a tool; a client of revision 2025-03-26 may send others with it. */
function callIn({ value }: Payload): { readonly place: string; readonly value: JsonValue } {
  if (!Array.isArray(value)) return { place: '', value };
  const index = value.findIndex(isCall);
  return { place: `${index}.`, value: value[index] ?? null };
}

/**
 * The arguments as one object, with the digits of their numbers, and the name of the tool. A message within the payload
 * gives way to that of the call, and is kept beside the tool's name.
 */
function payloadOf(message: Payload, place: string, { call }: Called): Payload {
  const text = message.at(`${place}params.arguments.message`) ?? '""';
  const { message: own, ...rest } = fieldsOf(message.at(`${place}params.arguments.payload`));
  const facts = { tool: call.name, ...(own === undefined ? {} : { payload: { message: own } }) };
  const fields = JSON.stringify({ ...rest, _mcp: facts }).slice(1);
  return new Payload(`{"message":${text},${fields}`);
}

function fieldsOf(json = '{}'): JsonObject {
  const value = parseExactly(json);
  return isJsonObject(value) ? value : {};
}

/** Ids of messages are unique within a session (MCP specification, "Requests"); without one, nobody can tell a repeat. */
function repeatOf({ headers }: HttpRequest, id: string | number, payload: Payload): IdempotencyKey | null {
  const { 'mcp-session-id': session } = headers;
  if (session === undefined) return null;
  const fingerprint = hash('sha256', payload.text, 'base64url');
  return { key: sessionKey(session, id), fingerprint, validForMs: repeatedForMs };
}

/** Names a call among those of all clients. */
export function sessionKey(session: string, id: string | number): string {
  return hash('sha256', JSON.stringify([session, id]), 'base64url');
}

const unwanted = failed('A filter of this connector excludes this call. No run was started.');

interface Asked {
  readonly id: string | number;
  /** Set if the client wants to hear of the progress. */
  readonly token: string | number | undefined;
  readonly request: HttpRequest;
}

function replyOf(
  { answerWith, isLegacy }: Called,
  agent: AgentSummary,
  { id, token, request }: Asked,
): Reply {
  const takesStream = request.headers['accept']?.includes('text/event-stream') ?? false;
  return {
    accepted: ({ runIds: [runId] }) =>
      answerWith(runId === undefined ? unwanted : structured({ run_id: runId, status: 'queued' })),
    ended: (_accepted, { runs: [run], outcome }) =>
      answerWith(run === undefined ? unwanted : endedResult(run, outcome, objectSchemaOf(agent) !== null)),
    ...(token !== undefined && takesStream ? { stream: progressStream(token, id) } : {}),
    // Before revision 2026-07-28, a client that disconnects may come back for its answer.
    ...(isLegacy ? {} : { cancelsWithCaller: true }),
  };
}
