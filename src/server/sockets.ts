import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';
import type { HttpAnswer } from '../core/connectors/http-answer.ts';
import { bodyOfBytes } from '../core/connectors/http-request.ts';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { CallTarget } from '../ingress/find-called-way.ts';
import { refusalAnswer } from '../ingress/http-answers.ts';
import { closeSocket, openSocket } from '../ingress/socket-session.ts';
import { addressOf, hasUnanswered } from './admission.ts';
import { callTarget } from './connector-routes.ts';
import { requestHead } from './http-request.ts';
import type { ServerLog } from './log.ts';
import { serveWithoutUpgrade } from './serve-without-upgrade.ts';
import { SocketConnection } from './socket-connection.ts';

export interface SocketsOptions {
  readonly engine: Engine;
  readonly log: ServerLog;
  /** Connections at the same time; more are refused. */
  readonly maxConnections: number;
  /** Of these, how many from one address: behind a proxy all of its clients. */
  readonly maxPerAddress: number;
  /** Is told of everything that goes on after its answer. Never rejects. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** How often a connection is asked whether the other side is still there, in ms. Default: 30 seconds. */
  readonly pingEveryMs?: number;
}

/** Below the idle timeouts of the usual proxies, 60 s and more. */
const defaultPingEveryMs = 30_000;

/** One text message. A larger one ends its connection (1009). */
const maxMessageBytes = 1024 * 1024;

/** The WebSocket connections of a server (RFC 6455). */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #connections = new Set<SocketConnection>();
  /** Every socket that asked for a connection, whatever came of it: the HTTP server does not know them any more. */
  readonly #sockets = new Set<Socket>();
  /** How many connections an address has, those that are being opened among them. */
  readonly #byAddress = new Map<string, number>();
  readonly #pingEveryMs: number;
  readonly #pings: NodeJS.Timeout;
  #taken = 0;
  #isStopping = false;
  #protocol: Promise<WebSocketServer> | null = null;

  constructor(options: SocketsOptions) {
    this.#options = options;
    const ping = () => {
      for (const connection of this.#connections) connection.ping();
    };
    this.#pingEveryMs = options.pingEveryMs ?? defaultPingEveryMs;
    this.#pings = setInterval(ping, this.#pingEveryMs).unref();
  }

  /**
   * Whether a request that asks to change the protocol means a connector's socket; any other is served as if it did not ask.
   * So is one that follows others on its connection before they are answered: their answers come first.
   */
  isMeant(request: IncomingMessage): boolean {
    return this.#targetOf(request) !== null && !hasUnanswered(request.socket);
  }

  /** Takes the handshakes of a server. */
  serve(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const target = this.#targetOf(request);
      if (target === null) {
        serveWithoutUpgrade(server, request, socket, head);
        return;
      }
      // Node before 24.9 does not ask `isMeant`; the answers that are due could not be told from messages.
      if (hasUnanswered(socket)) {
        socket.destroy();
        return;
      }
      // Whoever breaks off is nobody's failure.
      socket.on('error', () => socket.destroy());
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      const excess = this.#excess(socket);
      if (excess !== null) {
        refuse(socket, unavailable(excess));
        return;
      }
      this.#count(socket);
      this.#open(target, request, socket, head).catch((thrown: unknown) => {
        this.#options.log.error('socket.failed', { reason: messageOf(thrown) });
        socket.destroy();
      });
    });
  }

  /** Takes no connection and no message any more, and closes each connection once its message is answered (1012). */
  stop(): void {
    this.#isStopping = true;
    clearInterval(this.#pings);
    for (const connection of this.#connections) connection.leave();
  }

  /** Has messages answered with what there is. */
  letGo(): void {
    for (const connection of this.#connections) connection.letGo();
  }

  /** Ends what is left. */
  breakOff(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #open(target: CallTarget, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const { engine, log, keepAlive } = this.#options;
    const readingMs = this.#pingEveryMs;
    const handshake = { ...requestHead(request), body: bodyOfBytes(new Uint8Array()) };
    const opened = await openSocket(engine, target, handshake);
    if (opened.outcome === 'refused') return refuse(socket, opened.answer);
    let isConnected = false;
    try {
      if (this.#isStopping) return refuse(socket, unavailable('The server is stopping. Try again later.'));
      const protocol = await this.#loadProtocol();
      // Not called where the handshake breaks the protocol, which `ws` answers, or where nobody is there any more.
      protocol.handleUpgrade(request, socket, head, (webSocket) => {
        isConnected = true;
        this.#keep(webSocket, new SocketConnection(webSocket, opened, { engine, log, keepAlive, readingMs }));
      });
    } finally {
      if (!isConnected) await closeSocket(engine, opened.session);
    }
  }

  #keep(webSocket: WebSocket, connection: SocketConnection): void {
    this.#connections.add(connection);
    webSocket.once('close', () => this.#connections.delete(connection));
    if (this.#isStopping) connection.leave();
  }

  /** Loaded with the first connection: most systems have none. */
  #loadProtocol(): Promise<WebSocketServer> {
    this.#protocol ??= import('ws').then(
      (ws) =>
        new ws.WebSocketServer({
          noServer: true,
          clientTracking: false,
          maxPayload: maxMessageBytes,
          // A compressor takes a connection hundreds of kilobytes.
          perMessageDeflate: false,
        }),
    );
    return this.#protocol;
  }

  #targetOf(request: IncomingMessage): CallTarget | null {
    return isWebSocket(request) ? callTarget(this.#options.engine, request, 'socket') : null;
  }

  #excess(socket: Socket): string | null {
    if (this.#isStopping) return 'The server is stopping. Try again later.';
    if (this.#taken >= this.#options.maxConnections) return 'Too many open connections. Try again later.';
    const fromAddress = this.#byAddress.get(addressOf(socket)) ?? 0;
    if (fromAddress < this.#options.maxPerAddress) return null;
    return 'Too many open connections from this address. Try again later.';
  }

  #count(socket: Socket): void {
    const address = addressOf(socket);
    this.#taken += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    socket.once('close', () => {
      this.#taken -= 1;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    });
  }
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

function unavailable(detail: string): HttpAnswer {
  return refusalAnswer({ outcome: 'refused', reason: 'unavailable', detail, retryAfterSeconds: 1 });
}

/** Answers a handshake that leads to no connection, and closes, whether or not the other side does. */
function refuse(socket: Socket, { status, headers, body }: HttpAnswer): void {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}
