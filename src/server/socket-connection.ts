import type { WebSocket } from 'ws';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import {
  answerMessage,
  closeSocket,
  type OpenedSocket,
  type SocketSession,
} from '../ingress/socket-session.ts';
import type { ServerLog } from './log.ts';

/** Data that may wait for a slow reader before its connection is terminated, in bytes. */
const maxUnreadBytes = 1024 * 1024;
/** Messages that may wait for the previous answer, and their characters; beyond that, the connection is not read. */
const maxWaitingMessages = 8;
const maxWaitingCharacters = 1024 * 1024;
/** How long the client may take to confirm a close, in ms. */
const closeMs = 2_000;

interface Deps {
  readonly engine: Engine;
  readonly log: ServerLog;
  readonly keepAlive: (finished: Promise<void>) => void;
  /** How long the client may take to read an answer before its next message is taken, in ms. */
  readonly readingMs: number;
}

/** One WebSocket connection. Its messages are answered one at a time, in order of arrival. */
export class SocketConnection {
  readonly #webSocket: WebSocket;
  readonly #deps: Deps;
  readonly #waiting: string[] = [];
  readonly #lettingGo = new AbortController();
  #session: SocketSession;
  #isAnswering = false;
  #isLeaving = false;
  #hasEnded = false;
  #hasAnsweredPing = true;
  /** Unread bytes when this turn of the event loop began to send; `null` before that. */
  #unreadBytes: number | null = null;
  /** Resolves when the socket has taken all data sent. */
  #sent: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(webSocket: WebSocket, opened: OpenedSocket & { outcome: 'opened' }, deps: Deps) {
    this.#webSocket = webSocket;
    this.#deps = deps;
    this.#session = opened.session;
    webSocket.on('message', (data, isBinary) => this.#take(String(data), isBinary));
    webSocket.on('pong', () => {
      this.#hasAnsweredPing = true;
    });
    // On frames that violate the protocol, `ws` closes the connection with the matching code.
    webSocket.on('error', () => undefined);
    webSocket.once('close', () => this.#end());
    for (const text of opened.send) this.#send(text);
    this.#waitForMessage();
  }

  /** Checks whether the client still responds; terminates the connection if it did not answer the last ping. */
  ping(): void {
    // A paused connection does not read pongs either.
    if (this.#webSocket.isPaused || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (this.#hasAnsweredPing) this.#webSocket.ping();
    else this.breakOff();
    this.#hasAnsweredPing = false;
  }

  /** Accepts no more messages, and closes once those that have arrived are answered. */
  leave(): void {
    this.#isLeaving = true;
    if (!this.#isAnswering) this.#close(1012, 'The service restarts. Connect again.');
  }

  /** Ends the wait for the current message: its answer contains the current state of the runs. */
  letGo(): void {
    this.#lettingGo.abort();
  }

  breakOff(): void {
    this.#webSocket.terminate();
  }

  #take(text: string, isBinary: boolean): void {
    this.#hasAnsweredPing = true;
    if (isBinary) this.#close(1003, 'Send text messages.');
    if (this.#isLeaving || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    this.#waiting.push(text);
    if (this.#hasManyWaiting()) this.#webSocket.pause();
    if (!this.#isAnswering) void this.#answerWaiting();
  }

  async #answerWaiting(): Promise<void> {
    this.#isAnswering = true;
    clearTimeout(this.#idle);
    try {
      for (let text = this.#next(); text !== undefined; text = this.#next()) {
        await this.#answer(text);
        await this.#untilRead();
      }
    } catch (thrown) {
      this.#deps.log.error('socket.failed', {
        connector_id: this.#session.connectorId,
        reason: messageOf(thrown),
      });
      this.#close(1011, 'Internal server error. The details were logged.');
    }
    this.#isAnswering = false;
    if (this.#hasEnded) this.#tellType();
    else if (this.#isLeaving) this.leave();
    else this.#waitForMessage();
  }

  #next(): string | undefined {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return undefined;
    const text = this.#waiting.shift();
    if (this.#webSocket.isPaused && !this.#hasManyWaiting()) this.#webSocket.resume();
    return text;
  }

  #hasManyWaiting(): boolean {
    const characters = this.#waiting.reduce((sum, text) => sum + text.length, 0);
    return this.#waiting.length >= maxWaitingMessages || characters >= maxWaitingCharacters;
  }

  async #answer(text: string): Promise<void> {
    const answered = await answerMessage(this.#deps.engine, this.#session, text, {
      send: (piece) => this.#send(piece),
      letGo: this.#lettingGo.signal,
    });
    this.#session = answered.session;
    if (answered.finished !== null) this.#deps.keepAlive(answered.finished);
    if (answered.close !== null) this.#close(answered.close.code, answered.close.reason);
  }

  #send(text: string): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (this.#unreadBefore() > maxUnreadBytes) this.breakOff();
    else {
      const sent = Promise.withResolvers<void>();
      this.#sent = sent.promise;
      this.#webSocket.send(text, () => sent.resolve());
    }
  }

  /** Only one answer at a time waits for its reader, however many messages arrived ahead. */
  async #untilRead(): Promise<void> {
    if (this.#webSocket.bufferedAmount === 0) return;
    const giveUp = setTimeout(() => this.breakOff(), this.#deps.readingMs);
    await this.#sent;
    clearTimeout(giveUp);
  }

  /** Data sent in one turn is one answer of any size. Only data that waited before it shows a slow reader. */
  #unreadBefore(): number {
    if (this.#unreadBytes === null) {
      this.#unreadBytes = this.#webSocket.bufferedAmount;
      setImmediate(() => {
        this.#unreadBytes = null;
      });
    }
    return this.#unreadBytes;
  }

  #waitForMessage(): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    const close = () => this.#close(1000, `No message came for ${this.#session.idleSeconds} seconds.`);
    this.#idle = setTimeout(close, this.#session.idleSeconds * 1_000);
  }

  /** @param reason one sentence of at most 123 bytes (RFC 6455, section 5.5) */
  #close(code: number, reason: string): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    this.#drop(`The connection was closed before these messages were taken: ${reason}`);
    // A paused connection would never see the client's close.
    this.#webSocket.resume();
    this.#webSocket.close(code, reason);
    const giveUp = setTimeout(() => this.breakOff(), closeMs);
    this.#webSocket.once('close', () => clearTimeout(giveUp));
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#drop('The other side left before these messages were taken.');
    this.letGo();
    this.#hasEnded = true;
    if (!this.#isAnswering) this.#tellType();
  }

  /** Tells the type that the connection has ended, with the session after its last message. */
  #tellType(): void {
    const told = closeSocket(this.#deps.engine, this.#session).catch((thrown: unknown) => {
      this.#deps.log.error('socket.failed', {
        connector_id: this.#session.connectorId,
        reason: messageOf(thrown),
      });
    });
    this.#deps.keepAlive(told);
  }

  /** Discards the waiting messages. Every message taken gets an answer. */
  #drop(reason: string): void {
    const messages = this.#waiting.length;
    this.#waiting.length = 0;
    if (messages === 0) return;
    const { connectorId } = this.#session;
    this.#deps.log.warn('socket.messages-dropped', { connector_id: connectorId, messages, reason });
  }
}
