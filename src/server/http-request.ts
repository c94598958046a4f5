import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { HttpRequest, RequestBody, UnreadBody } from '../core/connectors/http-request.ts';
import { RetryableError } from '../core/errors.ts';
import { turnToRead } from './admission.ts';

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
  const { url = '', method = 'GET', headers, socket } = request;
  const queryStart = url.indexOf('?');
  const { remoteAddress: sender } = socket;
  return {
    method,
    headers: singleHeaders(headers),
    query: queryStart === -1 ? '' : url.slice(queryStart + 1),
    ...(sender === undefined ? {} : { sender }),
    ...(headers['transfer-encoding'] === undefined
      ? { bodyBytes: Number(headers['content-length'] ?? 0) }
      : {}),
  };
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

/**
 * The chunks of one body. A large body of known size is copied chunk by chunk, so the end needs no long copy. Until more
 * of it arrives than every body may take, only what has arrived is in memory.
 */
export class CollectedBytes {
  readonly #announced: number;
  #pieces: Buffer[] = [];
  #whole: Buffer | null = null;
  #size = 0;

  /** @param announced the size that the sender announced, in bytes; 0 if unknown */
  constructor(announced: number) {
    this.#announced = announced;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Call once there is room for the piece: a large body may take its announced size from here on. */
  add(piece: Buffer): void {
    const arrived = this.#size + piece.length;
    if (this.#whole === null && arrived > ownBytes && arrived < this.#announced) this.#allocate();
    if (this.#whole === null) this.#pieces.push(piece);
    else piece.copy(this.#whole, this.#size);
    this.#size = arrived;
  }

  /** The whole body. A copied body has its own memory, which can be transferred to another thread. */
  whole(): Uint8Array {
    if (this.#whole !== null) return this.#whole.subarray(0, this.#size);
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#size);
  }

  #allocate(): void {
    const whole = Buffer.allocUnsafeSlow(this.#announced);
    let at = 0;
    for (const piece of this.#pieces) at += piece.copy(whole, at);
    this.#pieces = [];
    this.#whole = whole;
  }
}

/** Each body's own part besides the shared memory, in bytes: small requests never wait for large ones. */
const ownBytes = 64 * 1024;
/** A few large requests take about this long. */
const retryAfterSeconds = 2;

/** The memory of one request. */
interface BodyRoom {
  /**
   * Call for each number of bytes received. A body larger than its own part reserves its whole announced size: of many
   * concurrent bodies, some are read completely, instead of a part of each.
   * @throws RetryableError if there is no room
   */
  take(bytes: number): void;
  /** Frees all of it. */
  free(): void;
}

/** Limits the memory that request bodies take together. */
export class BodyMemory {
  readonly #most: number;
  #taken = 0;

  /** @param most in bytes; a larger body is admitted only alone */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Memory for one request.
   * @param announced the length of its body in bytes, if known in advance
   */
  open(announced = 0): BodyRoom {
    let arrived = 0;
    let taken = 0;
    return {
      take: (bytes) => {
        arrived += bytes;
        if (arrived <= ownBytes) return;
        const wanted = Math.max(arrived, announced) - ownBytes - taken;
        if (wanted <= 0) return;
        const others = this.#taken - taken;
        if (others > 0 && this.#taken + wanted > this.#most)
          throw new RetryableError(tooMuch, { retryAfterSeconds });
        this.#taken += wanted;
        taken += wanted;
      },
      free: () => {
        this.#taken -= taken;
        taken = 0;
        arrived = 0;
      },
    };
  }
}

const tooMuch = 'Too many large concurrent requests.';
