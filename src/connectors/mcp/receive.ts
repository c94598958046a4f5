import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isForeignPage } from '../../core/connectors/browser-origin.ts';
import { headerSecrets, matchesSecret } from '../../core/connectors/connector-secrets.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  isProbe,
  probeAnswer,
} from '../../core/connectors/http-request.ts';
import {
  endedEarly,
  type ReceiveContext,
  type Received,
  refuseEvent,
  refuseSecrets,
} from '../../core/connectors/received.ts';
import { Payload } from '../../core/json/json-value.ts';
import { acceptCall, sessionKey } from './accept-call.ts';
import { allowedOriginsOf } from './config.ts';
import { isCall, isInitialize } from './message.ts';
import { offeredTools } from './offered-tools.ts';

/** Larger messages are refused. */
const maxBytes = 10 * 1024 * 1024;
const limits = { maxDepth: 200, maxKeys: 100_000 };

/** Handles one message of the Model Context Protocol over Streamable HTTP. */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (isProbe(request)) return answered(probeAnswer(request));
  const { secretHashes } = context.connector;
  // Secrets count only in headers, because URLs are logged along the way.
  const secrets = headerSecrets(request);
  const known = secrets.some((secret) => matchesSecret(secret, secretHashes, context.now));
  if (!known) return refuseSecrets(secrets);
  if (isForeignPage(request, allowedOriginsOf(context.connector))) return foreignPage;
  // The server offers no stream of its own and has no session to end.
  if (request.method !== 'POST') return notPost;
  const refused = context.admit();
  if (refused !== null) return refused;
  const body = await request.body.bytes(maxBytes);
  if (body === 'too-large') return tooLarge;
  if (body === 'interrupted') return endedEarly;
  const read = await context.readJson(body, 'utf-8', limits);
  return read.outcome === 'refused' ? read : receiveMessage(request, new Payload(read.text), context);
}

/** Sent by clients before revision 2026-07-28; later ones disconnect instead. */
const cancellation = z.looseObject({
  method: z.literal('notifications/cancelled'),
  params: z.looseObject({ requestId: z.union([z.string(), z.number()]) }),
});

async function receiveMessage(
  request: HttpRequest,
  message: Payload,
  context: ReceiveContext,
): Promise<Received> {
  const { 'mcp-session-id': session } = request.headers;
  const cancelled = cancellation.safeParse(message.value);
  // Where nobody waits, a call is answered before it can be cancelled.
  if (cancelled.success && session !== undefined && context.connector.mode === 'sync') {
    await context.cancelRuns(sessionKey(session, cancelled.data.params.requestId));
  }
  if (callsIn(message) > 1) return manyCalls;
  // The first message loads the protocol, so processes that serve other connectors start without it.
  const { speak } = await import('./protocol.ts');
  const spoken = await speak(request, message.value, offeredTools(context));
  if (spoken.outcome === 'called') return acceptCall(request, message, spoken, context);
  return answered(isInitialize(message.value) ? withSession(spoken.answer) : spoken.answer);
}

function callsIn({ value }: Payload): number {
  return (Array.isArray(value) ? value : [value]).filter(isCall).length;
}

/**
 * Names the session, so that a later cancellation can be told apart from those of other clients. Nothing is stored: any
 * ID works afterwards.
 */
function withSession(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 200) return answer;
  return { ...answer, headers: { ...answer.headers, 'mcp-session-id': randomUUID() } };
}

function answered(answer: HttpAnswer): Received {
  return { outcome: 'answered', answer, reason: null };
}

const foreignPage = refuseEvent(
  'origin-not-allowed',
  'Web pages cannot use this connector, except from the origins in its "allowed_origins".',
);
const notPost = refuseEvent('method-not-allowed', 'MCP clients send messages by POST.');
const tooLarge = refuseEvent('too-large', `The message has more than ${maxBytes} bytes.`);
const manyCalls = refuseEvent('malformed', 'Call one tool per request.');
