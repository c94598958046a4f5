import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How an AWS service fails on one call. */
export type Fault =
  | 'none'
  /** Throttled, in the way of DynamoDB: HTTP 400. */
  | 'throttled'
  /** HTTP 503. */
  | 'unavailable'
  /** The connection is cut before an answer. */
  | 'cut'
  /** No answer comes. */
  | 'hung'
  /** The call takes effect; its answer is cut off. */
  | 'answer-lost';

/** Stands between the SDK and an emulated account: counts calls and lets them fail. */
export interface FaultyAccount {
  readonly endpoint: string;
  /** The calls that reached it since the last `clear`, in order: `DynamoDB TransactWriteItems`, `SQS SendMessageBatch`. */
  readonly calls: string[];
  /** Decides the fate of each call. */
  fault: (call: string) => Fault;
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the account at `target`. */
export async function startFaultyAccount(target: string): Promise<FaultyAccount> {
  const server = createServer((request, response) => {
    void handle(account, target, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const account: FaultyAccount = {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls: [],
    fault: () => 'none',
    clear() {
      account.calls.length = 0;
      account.fault = () => 'none';
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return account;
}

async function handle(
  account: FaultyAccount,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bytesOf(request);
  const call = callOf(request);
  account.calls.push(call);
  const fault = account.fault(call);
  if (fault === 'hung') return;
  if (fault === 'cut') return void request.socket.destroy();
  if (fault === 'unavailable') return answer(response, 503, { __type: 'ServiceUnavailable' });
  if (fault === 'throttled') return answer(response, 400, { __type: 'com.amazonaws#ThrottlingException' });
  const forwarded = await fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: headersOf(request),
    ...(body.length === 0 ? {} : { body }),
  });
  const bytes = Buffer.from(await forwarded.arrayBuffer());
  if (fault === 'answer-lost') return void request.socket.destroy();
  response.writeHead(forwarded.status, Object.fromEntries(forwarded.headers));
  response.end(bytes);
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** JSON services name the operation in a header; S3 does in method and path. */
function callOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') return `S3 ${request.method}`;
  return target
    .replace(/_\d+\./, ' ')
    .replace('AmazonSQS.', 'SQS ')
    .replace('secretsmanager.', 'SecretsManager ');
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const dropped = new Set(['connection', 'content-length', 'expect', 'host', 'transfer-encoding']);
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined || dropped.has(name) ? [] : [[name, String(value)]],
    ),
  );
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
