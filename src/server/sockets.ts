import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';
import { bodyOfBytes, type HttpAnswer } from '../core/connectors/http-request.ts';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { CallTarget } from '../ingress/find-called-way.ts';
import { refusalAnswer } from '../ingress/http-answers.ts';
import { closeSocket, openSocket } from '../ingress/socket-session.ts';
import { addressOf, hasUnanswered } from './admission.ts';
import { callTarget } from './connector-routes.ts';
import { requestHead } from './http-request.ts';
import type { ServerLog } from './log.ts';
import { SocketConnection } from './socket-connection.ts';

export interface SocketsOptions {
  readonly engine: Engine;
  readonly log: ServerLog;
  /** Concurrent connections; more are refused. */
  readonly maxConnections: number;
  /** Concurrent connections from one address; behind a proxy, of all its clients. */
  readonly maxPerAddress: number;
  /** Called with all work that continues after its response. Never rejects. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Interval between pings of a connection, in ms. Default: 30 seconds. */
  readonly pingEveryMs?: number;
}

/** Below the idle timeouts of common proxies, 60 s and more. */
const defaultPingEveryMs = 30_000;

/** The WebSocket connections of a server (RFC 6455). */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #connections = new Set<SocketConnection>();
  /** Every socket that asked for a connection, whatever the outcome: the HTTP server no longer tracks them. */
  readonly #sockets = new Set<Socket>();
  /** Connections by address, including those being opened. */
  readonly #byAddress = new Map<string, number>();
  readonly #pingEveryMs: number;
  readonly #pings: NodeJS.Timeout;
  #taken = 0;
  #isStopping = false;
  /** By the size of the largest message: a larger one ends its connection (1009). */
  readonly #protocols = new Map<number, Promise<WebSocketServer>>();

  constructor(options: SocketsOptions) {
    this.#options = options;
    const ping = () => {
      for (const connection of this.#connections) connection.ping();
    };
    this.#pingEveryMs = options.pingEveryMs ?? defaultPingEveryMs;
    this.#pings = setInterval(ping, this.#pingEveryMs).unref();
  }

  /**
   * Whether an upgrade request is for a connector's socket; any other is served as if it did not ask. So is one that
   * follows unanswered requests on its connection: their responses come first.
   */
  isMeant(request: IncomingMessage): boolean {
    return this.#targetOf(request) !== null && !hasUnanswered(request.socket);
  }

  /** Handles the handshakes of a server. */
  serve(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const target = this.#targetOf(request);
      if (target === null) {
        serveWithoutUpgrade(server, request, socket, head);
        return;
      }
      // Node before 24.9 does not call `isMeant`; pending responses would mix with messages.
      if (hasUnanswered(socket)) {
        socket.destroy();
        return;
      }
      // A client that aborts is not an error.
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

  /** Takes no more connections or messages, and closes each connection once its message is answered (1012). */
  stop(): void {
    this.#isStopping = true;
    clearInterval(this.#pings);
    for (const connection of this.#connections) connection.leave();
  }

  /** Makes waiting messages get the current state of their runs. */
  letGo(): void {
    for (const connection of this.#connections) connection.letGo();
  }

  /** Terminates the remaining connections. */
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
      const protocol = await this.#loadProtocol(opened.maxMessageBytes);
      // Not called if the handshake violates the protocol, which `ws` answers, or the client has gone.
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
  #loadProtocol(maxPayload: number): Promise<WebSocketServer> {
    const known = this.#protocols.get(maxPayload);
    if (known !== undefined) return known;
    // A compressor costs hundreds of kilobytes per connection.
    const options = { noServer: true, clientTracking: false, maxPayload, perMessageDeflate: false };
    const loaded = import('ws').then(({ WebSocketServer: Protocol }) => new Protocol(options));
    this.#protocols.set(maxPayload, loaded);
    return loaded;
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

/** Answers a handshake that opens no connection, and closes it, whether or not the client does. */
function refuse(socket: Socket, { status, headers, body }: HttpAnswer): void {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

/** Headers that only ask for another protocol. */
const askingHeaders = new Set(['upgrade', 'http2-settings']);

/**
 * Serves a request as if it had not asked for another protocol; a server may always ignore that (RFC 9110, section
 * 7.8). Java's HTTP client and curl ask for HTTP/2 with any first request. If a server listens for `upgrade`, Node
 * before 24 passes on every such request, its body unread; this puts it back without these headers. Later versions ask
 * first (`shouldUpgradeCallback`).
 */
function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = withoutAsking(name.toLowerCase(), rawHeaders[at + 1] ?? '');
    if (value !== null) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** The header's value without the upgrade; `null` if nothing is left. */
function withoutAsking(name: string, value: string): string | null {
  if (askingHeaders.has(name)) return null;
  if (name !== 'connection') return value;
  const left = value.split(',').filter((option) => !askingHeaders.has(option.trim().toLowerCase()));
  return left.length === 0 ? null : left.join(',').trim();
}
