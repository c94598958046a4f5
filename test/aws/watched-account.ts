import { once } from 'node:events';
import { IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { serveLocally } from '../local-server.ts';
import { type AwsCall, readCall } from './aws-call.ts';

/** How an AWS service fails on one call. */
export const fault = z.enum([
  'none',
  /** Throttled, in the way of the service. */
  'throttled',
  /** HTTP 503. */
  'unavailable',
  /** DynamoDB only: another transaction is at one of the items. */
  'contended',
  /** The connection is cut before an answer. */
  'cut',
  /** No answer comes. */
  'hung',
  /** The answer comes after `slowMs`. */
  'slow',
  /** The call takes effect; its answer is cut off. */
  'answer-lost',
]);
export type Fault = z.infer<typeof fault>;

/** Noticed by every caller, and below the time after which the product's clients give a call up. */
export const slowMs = 1_000;

/** Stands between the SDK and an emulated account: records calls and lets them fail. */
export interface WatchedAccount {
  readonly endpoint: string;
  /** The account's own endpoint. */
  target: string;
  /** The calls that reached it since the last `clear`, in order. */
  readonly calls: AwsCall[];
  /** Decides the fate of each call. */
  fault: (call: AwsCall) => Fault;
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the account at `target`; absent where it is not known yet. */
export async function startWatchedAccount(target = ''): Promise<WatchedAccount> {
  const server = await serveLocally((request, response) => {
    handle(account, request, response).catch(() => request.socket.destroy());
  });
  const account: WatchedAccount = {
    endpoint: server.url,
    target,
    calls: [],
    fault: () => 'none',
    clear() {
      account.calls.length = 0;
      account.fault = () => 'none';
    },
    stop: server.stop,
  };
  return account;
}

async function handle(
  account: WatchedAccount,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const call = readCall(request, body);
  account.calls.push(call);
  const fate = account.fault(call);
  if (fate === 'hung') return;
  if (fate === 'cut') return void request.socket.destroy();
  if (fate === 'unavailable') return refuse(response, call, 503, 'ServiceUnavailable');
  if (fate === 'throttled') return throttle(response, call);
  if (fate === 'contended') return contend(response, call);
  if (fate === 'slow') await sleep(slowMs);
  const { status, headers, bytes } = await forwarded(account.target, request, body);
  Object.assign(call, { status, endedAt: Date.now() });
  if (fate === 'answer-lost') return void request.socket.destroy();
  response.writeHead(status, headers);
  response.end(bytes);
}

/** The account's own answer. Headers stay as they are: the signature covers them, the host's name too. */
async function forwarded(target: string, { method, url = '/', headers }: IncomingMessage, body: Buffer) {
  const sent = openRequest(new URL(url, target), { method, headers });
  sent.end(body);
  const [received] = await once(sent, 'response');
  if (!isMessage(received)) throw new Error('no answer');
  const bytes = await buffer(received);
  const { connection, 'transfer-encoding': encoding, ...kept } = received.headers;
  return { status: received.statusCode ?? 502, headers: kept, bytes };
}

function isMessage(value: unknown): value is IncomingMessage {
  return value instanceof IncomingMessage;
}

/** S3 says it with 503, the others with 400. */
function throttle(response: ServerResponse, call: AwsCall): void {
  if (call.service === 's3') refuse(response, call, 503, 'SlowDown');
  else refuse(response, call, 400, 'ThrottlingException');
}

/** A transaction says of each of its items why it was cancelled; any other write is refused by name. */
function contend(response: ServerResponse, call: AwsCall): void {
  if (call.name !== 'DynamoDB TransactWriteItems') {
    refuse(response, call, 400, 'TransactionConflictException');
    return;
  }
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  const CancellationReasons = [{ Code: 'TransactionConflict' }];
  response.end(JSON.stringify({ __type: 'TransactionCanceledException', CancellationReasons }));
}

/** An error in the form of the service: XML from S3, JSON from the others. */
function refuse(response: ServerResponse, { service }: AwsCall, status: number, code: string): void {
  response.writeHead(status, {
    'content-type': service === 's3' ? 'application/xml' : 'application/x-amz-json-1.0',
  });
  response.end(
    service === 's3'
      ? `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
      : JSON.stringify({ __type: code }),
  );
}
