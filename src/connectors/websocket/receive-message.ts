import { hash } from 'node:crypto';
import { matchesSecret } from '../../core/connectors/connector-secrets.ts';
import {
  type AcceptedEvent,
  type IdempotencyKey,
  type ReceiveContext,
  type Refused,
  unauthorizedBecause,
  wrongSecret,
} from '../../core/connectors/received.ts';
import type { SocketMessage } from '../../core/connectors/ways.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { type ClientMessage, readMessage } from './client-message.ts';
import { configOf } from './config.ts';
import { readFiles } from './message-files.ts';
import { connected, refusedMessage, write } from './server-message.ts';
import { type MessageId, type Session, sessionOf } from './session.ts';

/** Violation of a policy, by the client (RFC 6455, section 7.4.1). */
const policyViolation = 1008;
/** A conversation outlives its connection by the time that its last run may take. */
const conversationGraceSeconds = 900;

/** Handles one message of a client: its secret, or what it says to the agents. */
export async function receiveMessage(
  text: string,
  kept: JsonObject,
  context: ReceiveContext,
  platformId?: string,
): Promise<SocketMessage> {
  const session = sessionOf(kept);
  if (!session.isAdmitted) return admit(text, session, context);
  const read = await readMessage(text, context);
  if (read.outcome === 'unreadable') return refuse(session, read.id, read.refused);
  // A client may send its secret although the handshake had it.
  if (read.kind === 'secret') return { send: [], session, received: null };
  if (read.kind === 'ping') return { send: [write({ type: 'pong' })], session, received: null };
  return accept(read, session, context, platformId);
}

/** Takes the first message of a client whose handshake had no secret. */
async function admit(text: string, session: Session, context: ReceiveContext): Promise<SocketMessage> {
  const read = await readMessage(text, context);
  const secret = read.outcome === 'read' && read.kind === 'secret' ? read.secret : '';
  const { secretHashes } = context.connector;
  if (!matchesSecret(secret, secretHashes, context.now)) {
    return turnAway(session, secret === '' ? noSecretFirst : wrongSecret);
  }
  const refused = context.admit();
  if (refused !== null) return turnAway(session, refused);
  const admitted = { ...session, isAdmitted: true };
  const { session_timeout: idleSeconds } = configOf(context.connector);
  return { send: [connected(admitted, context)], session: admitted, idleSeconds, received: null };
}

const noSecretFirst = unauthorizedBecause(
  'The connection has no secret, neither in its handshake nor in its first message, {"secret": "..."}.',
);

function turnAway(session: Session, refused: Refused): SocketMessage {
  const close = { code: policyViolation, reason: refused.reason };
  return { send: [], session, received: refused, close };
}

/** The refusal is sent by the stream, in the words of the message that `session` names. */
function refuse(session: Session, messageId: MessageId | null, refused: Refused): SocketMessage {
  return { send: [], session: { ...session, messageId }, received: refused };
}

async function accept(
  { id, payload: { files: sent, ...said } }: Extract<ClientMessage, { kind: 'message' }>,
  session: Session,
  context: ReceiveContext,
  platformId: string | undefined,
): Promise<SocketMessage> {
  const refused = context.admit();
  if (refused !== null) return refuse(session, id, refused);
  const { max_messages_per_session: most, session_timeout: idleSeconds } = configOf(context.connector);
  if (session.count >= most) return endSession(session, id, most);
  const read = await readFiles(sent);
  if (read.outcome === 'refused') return refuse(session, id, read);
  const number = session.count + 1;
  const messageId = id ?? String(number);
  const { connectionId } = session;
  const { _websocket, ...content } = said;
  const files = read.files.length === 0 ? {} : { files: read.files };
  const facts = { connector_run_id: connectionId, message_number: number, id: messageId };
  const accepted: AcceptedEvent = {
    outcome: 'accepted',
    payload: Payload.of({ ...content, ...files, _websocket: facts }),
    context: {},
    modelInput: modelInputOf(content),
    warnings: read.warnings,
    repeat: repeatOf(connectionId, { id, platformId: platformId ?? null }, { ...content, ...files }),
    natural: null,
    origin: {
      account: context.connector.id,
      address: { connector_run_id: connectionId, id: messageId },
      conversation: { key: connectionId, ttlSeconds: idleSeconds + conversationGraceSeconds },
    },
  };
  const warnings = [...read.warnings];
  return { send: [], session: { ...session, count: number, messageId, warnings }, received: accepted };
}

/** Models read what the client said, without the facts about the connection. */
function modelInputOf(content: JsonObject): string {
  const { message } = content;
  return typeof message === 'string' && Object.keys(content).length === 1 ? message : JSON.stringify(content);
}

/**
 * A client that sends a message again with the same id gets the runs of the first: over the same connection, and with a
 * UUID, which no other client chooses, also over another one. So does a platform that brings a message without an id again.
 */
function repeatOf(
  connectionId: string,
  { id, platformId }: { readonly id: MessageId | null; readonly platformId: string | null },
  content: JsonObject,
): IdempotencyKey | null {
  if (id === null && platformId === null) return null;
  const named = id === null ? { platformId } : id;
  const place = typeof id === 'string' && uuid.test(id) ? [id] : [connectionId, named];
  const key = hash('sha256', JSON.stringify(place), 'base64url');
  return { key, fingerprint: hash('sha256', JSON.stringify(content), 'base64url'), validForMs: 86_400_000 };
}

/** RFC 9562, but not the UUIDs of zeros and ones, which anybody may choose. */
const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

function endSession(session: Session, id: MessageId | null, most: number): SocketMessage {
  const detail = `This connection has reached its limit of ${most} messages. Connect again.`;
  return {
    send: [refusedMessage(id, 'message-limit', detail)],
    session,
    received: null,
    close: { code: policyViolation, reason: 'message-limit' },
  };
}
