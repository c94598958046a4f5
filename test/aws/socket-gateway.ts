import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { listen } from '../../src/server/listen.ts';
import type { BundledFunction } from './bundled-function.ts';

/**
 * A WebSocket API of API Gateway on this machine, with its `@connections` API, as the developer guide describes them:
 * "Invoking a WebSocket API" and "Use @connections commands in your backend service".
 */
export interface SocketGateway {
  /** Where clients connect. */
  readonly url: string;
  /** Where the function sends. */
  readonly callbackUrl: string;
  /** Its names of the open connections, oldest first. */
  connectionIds(): readonly string[];
  /** What `@connections` was asked for, with the size of what was sent. */
  readonly commands: readonly { readonly method: string; readonly bytes: number }[];
  stop(): Promise<void>;
}

const answer = z.looseObject({ statusCode: z.number() });

/** @param routes the function behind `$connect`, `$disconnect`, and `$default` */
export async function startSocketGateway(routes: () => BundledFunction): Promise<SocketGateway> {
  const connections = new Map<string, WebSocket>();
  const commands: { method: string; bytes: number }[] = [];
  const protocol = new WebSocketServer({ noServer: true });
  /** The function answers one event at a time. */
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const [, , , id = ''] = (request.url ?? '').split('/');
    const connection = connections.get(decodeURIComponent(id));
    const body = await buffer(request);
    commands.push({ method: request.method ?? '', bytes: body.length });
    if (connection === undefined) {
      response.writeHead(410, { 'x-amzn-errortype': 'GoneException' }).end('{"message":null}');
      return;
    }
    if (request.method === 'DELETE') connection.close();
    else connection.send(body.toString());
    response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
  });
  server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const connectionId = `${randomUUID().slice(0, 12)}=`;
    const ask = (eventType: string, body: string | null) => {
      const asked = last.then(() => routes().invoke(eventOf(request, connectionId, eventType, body)));
      last = asked;
      return asked;
    };
    const { statusCode } = answer.parse(await ask('CONNECT', null));
    if (statusCode >= 300) {
      socket.end(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    protocol.handleUpgrade(request, socket, head, (webSocket) => {
      connections.set(connectionId, webSocket);
      webSocket.on('message', (data) => void ask('MESSAGE', String(data)));
      webSocket.once('close', () => {
        connections.delete(connectionId);
        void ask('DISCONNECT', null);
      });
    });
  });
  const url = await listen(server, '127.0.0.1', 0);
  return {
    url: url.replace('http', 'ws'),
    callbackUrl: `${url}/prod`,
    commands,
    connectionIds: () => [...connections.keys()],
    async stop() {
      for (const connection of connections.values()) connection.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

function eventOf(request: IncomingMessage, connectionId: string, eventType: string, body: string | null) {
  const { searchParams } = new URL(request.url ?? '', 'http://gateway');
  const isConnect = eventType === 'CONNECT';
  const headers = Object.entries(request.headersDistinct);
  return {
    ...(isConnect ? { multiValueHeaders: Object.fromEntries(headers) } : {}),
    ...(isConnect
      ? {
          multiValueQueryStringParameters: Object.fromEntries(
            [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
          ),
        }
      : {}),
    requestContext: {
      routeKey: { CONNECT: '$connect', DISCONNECT: '$disconnect' }[eventType] ?? '$default',
      eventType,
      connectionId,
      requestId: randomUUID(),
      stage: 'prod',
      identity: { sourceIp: '203.0.113.7' },
    },
    ...(body === null ? {} : { body }),
    isBase64Encoded: false,
  };
}

/** Makes a queue as the stack does. */
export async function createSocketQueue(sqs: SQSClient): Promise<string> {
  const QueueName = `sockets-${randomUUID()}.fifo`;
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', VisibilityTimeout: '900' } }),
  );
  return QueueUrl;
}

/**
 * Calls a function with the messages of a queue, one at a time, as Lambda does. A message that fails stays in the queue.
 *
 * @returns stops it
 */
export function pollQueue(
  sqs: SQSClient,
  QueueUrl: string,
  reader: () => BundledFunction,
): () => Promise<void> {
  let isStopped = false;
  const failures = z.object({ batchItemFailures: z.array(z.unknown()) });
  const poll = async () => {
    while (!isStopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      for (const { MessageId, ReceiptHandle, Body, Attributes } of Messages) {
        const record = {
          messageId: MessageId,
          receiptHandle: ReceiptHandle,
          body: Body,
          attributes: Attributes,
          messageAttributes: {},
          eventSource: 'aws:sqs',
        };
        const { batchItemFailures } = failures.parse(await reader().invoke({ Records: [record] }));
        if (batchItemFailures.length === 0)
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  const polling = poll();
  return async () => {
    isStopped = true;
    await polling;
  };
}
