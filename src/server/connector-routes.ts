import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectorPrefix } from '../core/connectors/connector-path.ts';
import type { HttpHeaders } from '../core/connectors/http-answer.ts';
import type { Engine } from '../core/ports/engine.ts';
import { answerRequest } from '../ingress/answer-request.ts';
import { type CalledWay, type CallTarget, suffixesOf } from '../ingress/find-called-way.ts';
import { waitsForItsRun } from './admission.ts';
import { answer, answerError } from './answer.ts';
import { answerNothing } from './answer-nothing.ts';
import type { BodyMemory } from './body-memory.ts';
import { httpRequest } from './http-request.ts';

/** Below the idle timeouts of the usual proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** What may wait for a reader that is too slow before its connection is given up. */
const maxWaitingBytes = 1024 * 1024;

export interface ConnectorRoutes {
  readonly engine: Engine;
  /** Is told of everything that goes on after its answer. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Aborts when sync callers have to be answered with what there is. */
  readonly letGo: AbortSignal;
  /** What bodies may take up. */
  readonly bodies: BodyMemory;
  /** Is told of each connector that has taken a request. */
  readonly onTaken: (connectorId: string) => void;
  /** Where the product is reached from outside, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** Serves what is sent to connectors, without a framework: the hot path. */
export async function serveConnector(
  { engine, keepAlive, letGo, bodies, onTaken, baseUrl }: ConnectorRoutes,
  request: IncomingMessage,
  response: ServerResponse,
  onRead: () => void,
): Promise<void> {
  const target = callTarget(engine, request, 'request');
  if (target === null) return answerUncalled(engine, request, response);
  const room = bodies.open(Number(request.headers['content-length'] ?? 0));
  response.once('close', room.free);
  const pieces = streamedPieces(response);
  const url = `${baseUrl()}${pathOf(request.url ?? '')}`;
  const called = { ...httpRequest(request, room, onRead), url };
  const answered = await answerRequest(engine, target, called, {
    begin: pieces.begin,
    letGo,
    onDisconnect: (listener) => onDisconnect(response, listener),
    // What their runs hold from then on counts as payloads that callers wait for.
    onStored: () => {
      room.free();
      waitsForItsRun(request);
      onTaken(target.connectorId);
    },
  }).finally(pieces.end);
  if (answered.finished !== null) keepAlive(answered.finished);
  if (answered.answer === null) return;
  answer(response, answered.answer.status, answered.answer.headers, answered.answer.body);
}

/** Calls `listener` if the caller disconnects before it has its answer. @returns what stops the watching */
function onDisconnect(response: ServerResponse, listener: () => void): () => void {
  const closed = () => {
    if (!response.writableFinished) listener();
  };
  response.once('close', closed);
  return () => response.off('close', closed);
}

/** Answers where no connector takes requests. */
function answerUncalled(engine: Engine, request: IncomingMessage, response: ServerResponse): void {
  if (callTarget(engine, request, 'socket') === null) {
    answerNothing(request, response);
    return;
  }
  const detail = 'Connect by WebSocket: this address takes no other requests.';
  answerError(response, 426, 'upgrade-required', detail, { upgrade: 'websocket', connection: 'upgrade' });
}

/** `/webhooks/{connector_id}` and what a type has behind it; `null` where no connector can be called in this way. */
export function callTarget({ types }: Engine, request: IncomingMessage, way: CalledWay): CallTarget | null {
  const whole = pathOf(request.url ?? '');
  if (!whole.startsWith(connectorPrefix)) return null;
  const path = whole.slice(connectorPrefix.length).replace(/\/$/, '');
  const idEnd = path.indexOf('/');
  const connectorId = idEnd === -1 ? path : path.slice(0, idEnd);
  const suffix = idEnd === -1 ? '' : path.slice(idEnd);
  return connectorId === '' || !suffixesOf(types)[way].has(suffix) ? null : { connectorId, suffix };
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const queryStart = target.indexOf('?');
  return queryStart === -1 ? target : target.slice(0, queryStart);
}

/** An answer whose status is decided by its first piece; a reader that leaves or is too slow is let go. */
function streamedPieces(response: ServerResponse) {
  let heartbeats: NodeJS.Timeout | undefined;
  /** What waited for the answers before it on the same connection: nobody could have read it. */
  let heldBytes = 0;
  const write = (piece: string): void => {
    if (response.destroyed) return;
    const isHeld = response.socket === null;
    // Asked before: a large piece is no sign of a slow reader.
    if (!isHeld && response.writableLength > heldBytes + maxWaitingBytes) response.destroy();
    else response.write(piece);
    if (isHeld) heldBytes = response.writableLength;
  };
  const begin = (headers: HttpHeaders, heartbeat: string) => {
    if (!response.destroyed) {
      response.writeHead(200, headers);
      heartbeats = setInterval(() => write(heartbeat), heartbeatMs);
    }
    return write;
  };
  const end = (): void => {
    if (heartbeats === undefined) return;
    clearInterval(heartbeats);
    response.end();
  };
  return { begin, end };
}
