import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientOptions, WebSocket } from 'ws';

/** Longer than any message takes, also where functions start first. */
const patienceMs = 120_000;

/** A client of a WebSocket, with what it was sent. */
export interface SocketClient {
  readonly socket: WebSocket;
  /** Texts that came and were not asked for yet, in order. */
  next(): Promise<string>;
  send(text: string): void;
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Connects. @throws RefusedHandshake where the server answers with anything else */
export async function connectSocket(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  options: Pick<ClientOptions, 'autoPong'> = {},
): Promise<SocketClient> {
  const socket = new WebSocket(url, { headers, ...options });
  const texts: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on('message', (data) => {
    const take = waiting.shift();
    if (take === undefined) texts.push(String(data));
    else take(String(data));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await opened(socket);
  return {
    socket,
    closed,
    send: (text) => socket.send(text),
    next: () => {
      const text = texts.shift();
      if (text !== undefined) return Promise.resolve(text);
      const coming = new Promise<string>((resolve) => waiting.push(resolve));
      const inVain = sleep(patienceMs, null, { ref: false }).then(() => {
        throw new Error(`Waited ${patienceMs / 1_000} s in vain for a message.`);
      });
      return Promise.race([coming, inVain]);
    },
  };
}

/** What a server answered to a handshake that it refused. */
export class RefusedHandshake extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

async function opened(socket: WebSocket): Promise<void> {
  const refused = new Promise<never>((_resolve, reject) => {
    socket.once('error', reject);
    socket.once('unexpected-response', async (_request, response) => {
      response.setEncoding('utf8');
      let body = '';
      for await (const piece of response) body += piece;
      reject(new RefusedHandshake(response.statusCode ?? 0, body));
    });
  });
  await Promise.race([once(socket, 'open'), refused]);
}
