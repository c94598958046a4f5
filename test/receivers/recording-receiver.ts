import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as it arrived, its body byte for byte. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
}

/** A server of somebody else's: it records what it gets and answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Sets what it answers from now on; 200 until then. `count` is the number of requests so far, this one included. */
  answer(choose: (request: ReceivedRequest, count: number) => ReceiverAnswer | 'hang-up' | 'no-answer'): void;
  /** Stops listening: connections are refused. */
  goDown(): Promise<void>;
  /** Listens again at the same address. */
  comeUp(): Promise<void>;
}

/**
 * Starts a receiver on a free port.
 *
 * @param host the name under which the product reaches this machine
 */
export async function startReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  let choose: Parameters<Receiver['answer']>[0] = () => ({ status: 200 });
  let port = 0;
  let server: Server | null = null;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const answer = choose(request, requests.length);
    if (answer === 'no-answer') return;
    if (answer === 'hang-up') return void response.destroy();
    const { status, headers = {}, body = '', delayMs = 0 } = answer;
    await sleep(delayMs);
    response.writeHead(status, headers).end(body);
  }

  async function comeUp(): Promise<void> {
    server = createServer((incoming, response) => {
      handle(incoming, response).catch(() => response.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') port = address.port;
  }

  async function goDown(): Promise<void> {
    if (server === null || !server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  await comeUp();
  return {
    url: `http://${host}:${port}/hook`,
    requests,
    answer: (chooser) => {
      choose = chooser;
    },
    goDown,
    comeUp,
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
