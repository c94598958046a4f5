import type { AcceptedTrigger } from '../core/connectors/accepted-trigger.ts';
import type { Connector } from '../core/connectors/connector.ts';
import type { HttpAnswer, HttpRequest } from '../core/connectors/http-request.ts';
import {
  explanationOf,
  type ReceiveContext,
  type Received,
  type Refused,
} from '../core/connectors/received.ts';
import type { SocketMessage, SocketStream, SocketWay } from '../core/connectors/ways.ts';
import { RetryableError } from '../core/errors.ts';
import { uuidV7 } from '../core/identifiers.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import type { Engine } from '../core/ports/engine.ts';
import { awaitRuns, type RunWatcher } from '../core/runs/await-runs.ts';
import type { Caller } from '../core/runs/execute-run.ts';
import type { Trace } from '../core/runs/trace.ts';
import { arrivalOf } from '../core/triggers/arrival.ts';
import { noteRefused } from '../core/triggers/note-refused.ts';
import {
  linkedAgents,
  orUnavailable,
  type ReceiveOutcome,
  receiveContext,
  receiveTrigger,
  unknownConnector,
} from '../core/triggers/receive-trigger.ts';
import { longestWaitMs, unreadable } from './answer-request.ts';
import {
  type CallTarget,
  decoyContext,
  decoyReceived,
  type FoundWay,
  findCalledWay,
} from './find-called-way.ts';
import { refusalAnswer } from './http-answers.ts';

/** The state of a connection, as JSON: a platform may store it between messages. */
export interface SocketSession extends CallTarget {
  /** The state that the connector's type keeps. */
  readonly session: JsonObject;
  readonly idleSeconds: number;
}

export type OpenedSocket =
  | {
      readonly outcome: 'opened';
      readonly session: SocketSession;
      readonly send: readonly string[];
      /** The largest message that the connection may bring, in bytes. */
      readonly maxMessageBytes: number;
    }
  | { readonly outcome: 'refused'; readonly answer: HttpAnswer };

/** Limit of a message if the type sets none. */
const defaultMaxMessageBytes = 1024 * 1024;

/** The client of a connection. */
export interface SocketPeer {
  /** Sends one text message; does nothing if the client has disconnected. */
  readonly send: (text: string) => void;
  /** Resolves when earlier messages are on their way; `null` if they are. Meanwhile, text of an answer is collected. */
  readonly busy?: () => Promise<void> | null;
  /** The largest message that the platform sends, in bytes. */
  readonly maxSentBytes?: number;
  /** What the platform calls the message, if it may bring it more than once. */
  readonly messageId?: string;
  /** How long the platform waits for an answer, in ms, whatever the connector says. */
  readonly longestMs?: number;
  /** Aborts when the platform stops: answers then contain the current state of the runs. */
  readonly letGo?: AbortSignal;
}

export interface MessageAnswered {
  readonly session: SocketSession;
  /** How to close the connection; `null` to keep it open. */
  readonly close: { readonly code: number; readonly reason: string } | null;
  /** As in `RequestAnswered`. */
  readonly finished: Promise<void> | null;
}

/**
 * Asks the called connector whether it accepts a connection.
 *
 * @param request the handshake; its body is empty
 * @returns the session to keep and what is sent first, or the HTTP answer that refuses the handshake
 */
export async function openSocket(
  engine: Engine,
  target: CallTarget,
  request: HttpRequest,
): Promise<OpenedSocket> {
  const connectionId = uuidV7(engine.clock(), engine.entropy);
  const opened = await orUnavailable(engine, target.connectorId, async () => {
    const found = await findCalledWay(engine, target, 'socket');
    if (found === null) return unknownConnector;
    const context = contextOf(found, receiveContext(engine, found.connector));
    const answer = await found.way.open(request, context, connectionId);
    return found.isDecoy && answer.outcome === 'refused' ? asUnknown(answer) : answer;
  });
  if (opened.outcome === 'refused') {
    const answer = refusalAnswer(opened);
    await noteHandshake(engine, target, request, opened, answer.status);
    return { outcome: 'refused', answer };
  }
  const { session, idleSeconds, send, maxMessageBytes = defaultMaxMessageBytes } = opened;
  return { outcome: 'opened', session: { ...target, session, idleSeconds }, send, maxMessageBytes };
}

/** The refusal of a handshake with a connector that does not exist. */
function asUnknown(refused: Refused): Refused {
  return refused.reason === 'unauthorized' ? unknownConnector : refused;
}

/** Keeps a refused handshake in the history of the connector that it was for. Never throws. */
function noteHandshake(
  engine: Engine,
  { connectorId }: CallTarget,
  request: HttpRequest,
  refused: Refused,
  status: number,
): Promise<void> {
  return noteRefused(engine, {
    connectorId: refused.reason === 'unknown-connector' ? null : connectorId,
    calledId: connectorId,
    reason: refused.reason,
    status,
    detail: explanationOf(refused),
    runId: null,
    arrival: () => arrivalOf(request),
  });
}

/**
 * Handles one message of a connection: the type reads it, the engine starts its runs, and answers are sent as they
 * arise. Messages of one connection are handled one after another.
 *
 * @returns once the answer is complete; for modes other than `sync`, once the runs are stored
 */
export async function answerMessage(
  engine: Engine,
  current: SocketSession,
  text: string,
  peer: SocketPeer,
): Promise<MessageAnswered> {
  const found = await orUnavailable(engine, current.connectorId, () =>
    findCalledWay(engine, current, 'socket'),
  );
  // The store is unavailable, so the type cannot answer. The client can reconnect later.
  if (found === null || 'outcome' in found) return { session: current, close: tryAgainLater, finished: null };
  const { message, outcome } = await receive(engine, found, current.session, text, peer);
  const session = {
    ...current,
    session: message.session,
    idleSeconds: message.idleSeconds ?? current.idleSeconds,
  };
  const answered = { session, close: message.close ?? null, finished: null };
  if (outcome.outcome === 'answered') return answered;
  const agents = agentsOf(engine, found.connector, outcome);
  const stream = found.way.stream(session.session, agents, found.connector);
  if (outcome.outcome === 'refused') {
    sendAll(peer, stream.refused(outcome));
    return answered;
  }
  sendAll(peer, stream.accepted(outcome));
  if (outcome.connector.mode !== 'sync') return answered;
  const ended = await writeAnswer(engine, found.way, outcome, stream, peer);
  return { ...answered, ...ended, session: { ...session, session: ended.session ?? session.session } };
}

/** Names of the agents whose runs answer, in link order. */
function agentsOf(engine: Engine, connector: Connector, outcome: ReceiveOutcome): readonly string[] {
  const started = outcome.outcome === 'accepted' ? outcome.agents : undefined;
  return started ?? linkedAgents(engine, connector).map(({ name }) => name);
}

/** Try again later (RFC 6455's registry of close codes, 1013). */
const tryAgainLater = { code: 1013, reason: 'The service cannot take messages right now.' };

/** @returns what the type made of the message, and its outcome */
async function receive(
  engine: Engine,
  found: FoundWay<'socket'>,
  session: JsonObject,
  text: string,
  peer: SocketPeer,
): Promise<{ readonly message: SocketMessage; readonly outcome: ReceiveOutcome }> {
  let message: SocketMessage = { send: [], session, received: null };
  const outcome = await receiveTrigger(engine, found.connector, async (context) => {
    message = await found.way.message(text, session, contextOf(found, context), peer.messageId);
    sendAll(peer, message.send);
    const received: Received = message.received ?? { outcome: 'answered', answer: null, reason: null };
    return found.isDecoy ? decoyReceived(received) : received;
  });
  return { message, outcome };
}

function contextOf({ isDecoy }: FoundWay<'socket'>, context: ReceiveContext): ReceiveContext {
  return isDecoy ? decoyContext(context) : context;
}

async function writeAnswer(
  engine: Engine,
  way: SocketWay,
  accepted: AcceptedTrigger,
  stream: SocketStream,
  peer: SocketPeer,
): Promise<{ readonly session?: JsonObject; readonly finished: Promise<void> | null }> {
  const { longestMs = Number.POSITIVE_INFINITY, letGo } = peer;
  const send = fitting(peer, stream);
  const writers = new Map<string, RunWriter>();
  const watcher: RunWatcher = {
    callerOf(runId) {
      const writer = runWriter(runId, stream, { ...peer, send });
      writers.set(runId, writer);
      return writer.caller;
    },
    onEnded(run) {
      writers.get(run.runId)?.flush();
      sendAll({ send }, stream.runEnded?.(run) ?? []);
    },
  };
  try {
    const allowedMs = Math.min(way.deadlineMs?.(accepted.connector) ?? longestWaitMs, longestMs);
    const deadlineMs = accepted.waits ? 0 : allowedMs;
    const awaited = await awaitRuns(engine, accepted, deadlineMs, watcher, letGo);
    const ended = stream.ended(awaited);
    sendAll({ send }, ended.send);
    return { session: ended.session, finished: awaited.finished };
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    sendAll({ send }, stream.refused(unreadable(thrown)));
    return { finished: null };
  }
}

/** Sends what the stream makes of a run while it is executed. */
interface RunWriter {
  readonly caller: Caller;
  /** Sends the text that was collected. */
  flush(): void;
}

function runWriter(runId: string, { text, progress }: SocketStream, { send, busy }: SocketPeer): RunWriter {
  let collected = '';
  const flush = () => {
    if (collected !== '' && text !== undefined) send(text(runId, collected));
    collected = '';
  };
  const onText = (written: string) => {
    const wait = busy?.() ?? null;
    collected += written;
    if (wait === null) flush();
    else void wait.then(flush);
  };
  return {
    flush,
    caller: {
      ...(text === undefined ? {} : { onText }),
      ...(progress === undefined
        ? {}
        : { onTrace: (trace: Trace) => sendAll({ send }, progress(runId, trace)) }),
    },
  };
}

/** Sends messages that the platform can send, and says so of others: the run has what they contain. */
function fitting({ send, maxSentBytes }: SocketPeer, stream: SocketStream): SocketPeer['send'] {
  if (maxSentBytes === undefined) return send;
  const detail = `The answer has more than ${maxSentBytes} bytes, the limit of this connection. Its run has all of it.`;
  return (text) => {
    if (Buffer.byteLength(text) <= maxSentBytes) send(text);
    else sendAll({ send }, stream.refused({ outcome: 'refused', reason: 'too-large', detail }));
  };
}

function sendAll({ send }: Pick<SocketPeer, 'send'>, texts: readonly string[]): void {
  for (const text of texts) send(text);
}

/** Tells the connector's type that the connection has closed. */
export async function closeSocket(engine: Engine, { session, ...target }: SocketSession): Promise<void> {
  const found = await orUnavailable(engine, target.connectorId, () =>
    findCalledWay(engine, target, 'socket'),
  );
  if (found !== null && !('outcome' in found)) found.way.close?.(session);
}
