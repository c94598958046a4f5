import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { HttpRequest, RequestBody, UnreadBody } from '../core/connectors/http-request.ts';
import { turnToRead } from './admission.ts';
import type { BodyRoom } from './body-memory.ts';
import { CollectedBytes } from './collected-bytes.ts';

/**
 * Converts a `node:http` request to the form that connectors take. Reads none of the body until asked to.
 *
 * @param room memory for its body
 * @param onRead called at the first read: the moment to answer `Expect: 100-continue` with `100 Continue`
 */
export function httpRequest(request: IncomingMessage, room: BodyRoom, onRead: () => void): HttpRequest {
  return { ...requestHead(request), body: requestBody(request, room, onRead) };
}

/** A request without its body. */
export function requestHead(request: IncomingMessage): Omit<HttpRequest, 'body'> {
  const url = request.url ?? '';
  const queryStart = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    headers: singleHeaders(request.headers),
    query: queryStart === -1 ? '' : url.slice(queryStart + 1),
    ...senderOf(request),
    ...bodySize(request.headers),
  };
}

function senderOf({ socket }: IncomingMessage): Pick<HttpRequest, 'sender'> {
  return socket.remoteAddress === undefined ? {} : { sender: socket.remoteAddress };
}

function bodySize(headers: IncomingHttpHeaders): Pick<HttpRequest, 'bodyBytes'> {
  if (headers['transfer-encoding'] !== undefined) return {};
  return { bodyBytes: Number(headers['content-length'] ?? 0) };
}

type SingleHeaders = Readonly<Record<string, string | undefined>>;

/** Node joins repeated headers, except `set-cookie`, which has no use in a request. */
function singleHeaders(headers: IncomingHttpHeaders): SingleHeaders {
  if (areSingle(headers)) return headers;
  const { 'set-cookie': _responseOnly, ...single } = headers;
  return singleHeaders(single);
}

function areSingle(headers: IncomingHttpHeaders): headers is SingleHeaders {
  return headers['set-cookie'] === undefined;
}

function requestBody(request: IncomingMessage, room: BodyRoom, onRead: () => void): RequestBody {
  return {
    bytes(maxBytes) {
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve('too-large');
      onRead();
      return collect(request, room, maxBytes);
    },
    hold: (bytes) => room.take(bytes),
  };
}

/** Bytes of a body read without waiting for turns; most bodies are smaller. */
const pacedBytes = 64 * 1024;

/** Uses events: most bodies arrive in one chunk, and iterating costs several turns of the event loop. */
function collect(
  request: IncomingMessage,
  room: BodyRoom,
  maxBytes: number,
): Promise<Uint8Array | UnreadBody> {
  return new Promise((resolve, reject) => {
    const collected = new CollectedBytes(Number(request.headers['content-length'] ?? 0));
    let isReading = true;
    const leave = () => {
      isReading = false;
      request.off('data', onData).off('end', onEnd).off('close', onBreak).off('error', onBreak);
    };
    const settle = (read: Uint8Array | UnreadBody) => {
      leave();
      resolve(read);
    };
    const onData = (piece: Buffer) => {
      try {
        room.take(piece.length);
      } catch (thrown) {
        request.pause();
        leave();
        reject(thrown);
        return;
      }
      if (collected.size + piece.length > maxBytes) {
        request.pause();
        settle('too-large');
        return;
      }
      collected.add(piece);
      if (collected.size >= pacedBytes) readInTurn();
    };
    const readInTurn = () => {
      const turn = turnToRead(request);
      if (turn === null) return;
      request.pause();
      turn.then(() => {
        if (isReading) request.resume();
      });
    };
    const onEnd = () => settle(collected.whole());
    const onBreak = () => settle('interrupted');
    request.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak);
    if (request.destroyed && !request.readableEnded) settle('interrupted');
  });
}
