import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectorPrefix } from '../core/connectors/connector-path.ts';
import type { HttpHeaders } from '../core/connectors/http-request.ts';
import type { Engine } from '../core/ports/engine.ts';
import { answerRequest, type Caller, type RequestAnswered } from '../ingress/answer-request.ts';
import { type CalledWay, type CallTarget, suffixesOf } from '../ingress/find-called-way.ts';
import { waitsForItsRun } from './admission.ts';
import { answer, answerError, answerNothing } from './answer.ts';
import { type BodyMemory, httpRequest } from './http-request.ts';

/** Below the idle timeouts of common proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** Data that may wait for a slow reader before its connection is terminated. */
const maxWaitingBytes = 1024 * 1024;

export interface ConnectorRoutes {
  readonly engine: Engine;
  /** Called with all work that continues after its response. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Aborts when sync callers must get the current state of their runs. */
  readonly letGo: AbortSignal;
  /** Memory for request bodies. */
  readonly bodies: BodyMemory;
  /** Called with each connector that has taken a request. */
  readonly onTaken: (connectorId: string) => void;
  /** The product's public URL, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** Serves requests to connectors without a framework: the hot path. */
export async function serveConnector(
  { engine, keepAlive, letGo, bodies, onTaken, baseUrl }: ConnectorRoutes,
  request: IncomingMessage,
  response: ServerResponse,
  onRead: () => void,
): Promise<void> {
  const target = callTarget(engine, request, 'request');
  if (target === null) return answerUncalled(engine, request, response);
  const room = bodies.open(Number(request.headers['content-length'] ?? 0));
  response.on('close', room.free);
  const pieces = new StreamedPieces(response);
  const url = `${baseUrl()}${pathOf(request.url ?? '')}`;
  const called = { ...httpRequest(request, room, onRead), url };
  const caller: Caller = {
    begin: (headers, heartbeat) => pieces.begin(headers, heartbeat),
    letGo,
    onDisconnect: (listener) => onDisconnect(response, listener),
    // From here on, the memory that the runs hold counts towards the payloads that callers wait for.
    onStored: () => {
      room.free();
      waitsForItsRun(request);
      onTaken(target.connectorId);
    },
  };
  let answered: RequestAnswered;
  try {
    answered = await answerRequest(engine, target, called, caller);
  } finally {
    pieces.end();
  }
  if (answered.finished !== null) keepAlive(answered.finished);
  if (answered.answer === null) return;
  answer(response, answered.answer.status, answered.answer.headers, answered.answer.body);
}

/**
 * Calls `listener` if the caller disconnects before the response is sent, or has done so.
 * @returns a function that stops watching
 */
function onDisconnect(response: ServerResponse, listener: () => void): () => void {
  const closed = () => {
    if (!response.writableFinished) listener();
  };
  if (response.destroyed) closed();
  else response.once('close', closed);
  return () => response.off('close', closed);
}

/** Answers if no connector takes requests at this path. */
function answerUncalled(engine: Engine, request: IncomingMessage, response: ServerResponse): void {
  if (callTarget(engine, request, 'socket') === null) {
    answerNothing(request, response);
    return;
  }
  const detail = 'This address accepts WebSocket connections only.';
  answerError(response, 426, 'upgrade-required', detail, { upgrade: 'websocket', connection: 'upgrade' });
}

/** `/webhooks/{connector_id}` and the suffix of its type; `null` if no connector can be called in this way. */
export function callTarget({ types }: Engine, request: IncomingMessage, way: CalledWay): CallTarget | null {
  const whole = pathOf(request.url ?? '');
  if (!whole.startsWith(connectorPrefix)) return null;
  const path = whole.slice(connectorPrefix.length, whole.endsWith('/') ? -1 : undefined);
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

/** A response whose first chunk sends status 200. The connection of a reader that leaves or is too slow is dropped. */
class StreamedPieces {
  readonly #response: ServerResponse;
  #heartbeats: NodeJS.Timeout | undefined;
  /** Data queued behind earlier responses on the same connection: no reader could have read it yet. */
  #heldBytes = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** @returns a function that writes a piece */
  begin(headers: HttpHeaders, heartbeat: () => string): (piece: string) => void {
    const write = (piece: string) => this.#write(piece);
    if (!this.#response.destroyed) {
      this.#response.writeHead(200, headers);
      this.#heartbeats = setInterval(() => write(heartbeat()), heartbeatMs);
    }
    return write;
  }

  /** Does nothing if no answer has begun. */
  end(): void {
    if (this.#heartbeats === undefined) return;
    clearInterval(this.#heartbeats);
    this.#response.end();
  }

  #write(piece: string): void {
    const response = this.#response;
    if (response.destroyed) return;
    const isHeld = response.socket === null;
    // Checked before the write: a large chunk does not mean that the reader is slow.
    if (!isHeld && response.writableLength > this.#heldBytes + maxWaitingBytes) response.destroy();
    else response.write(piece);
    if (isHeld) this.#heldBytes = response.writableLength;
  }
}
